using System.CommandLine;
using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench path-peer</c>: one process of the bare program that <c>bench path</c> starts. Exits when its standard input closes.
/// </summary>
internal static class PathPeerCommand
{
    public static Command Create()
    {
        var role = new Argument<string>("role") { Description = "Role of the process: combiner or expert." };
        role.AcceptOnlyFromAmong("combiner", "expert");
        var port = new Option<int>("--port") { Description = "Local port of the broker.", Required = true };
        var experts = new Option<int>("--experts") { Description = "Number of experts.", Required = true };
        var type = new Option<string>("--type") { Description = "Type of the durable queues: quorum or classic.", Required = true };
        var command = new Command("path-peer", "One process of the bare program of `bench path`.") { role, port, experts, type };
        command.Hidden = true;
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(role), new BareQueues(parse.GetRequiredValue(port), parse.GetRequiredValue(experts), parse.GetRequiredValue(type)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string role, BareQueues queues, CancellationToken cancellationToken)
    {
        await using var connected = queues;
        await queues.ConnectAsync(cancellationToken);
        await (role == "combiner" ? BareRoles.CombineAsync(queues, cancellationToken) : BareRoles.AnswerAsync(queues, cancellationToken));
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }
}
