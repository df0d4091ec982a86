using System.Globalization;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.PathBench;

/// <summary>The bare program: two child processes of this tool, and a client in this process.</summary>
internal sealed class BareProgram : IAsyncDisposable
{
    private readonly List<ChildProcess> _processes = [];
    private readonly BareQueues _queues;

    private BareProgram(BareQueues queues) => _queues = queues;

    public IReadOnlyList<ChildProcess> Processes => _processes;

    /// <summary>Starts all three.</summary>
    /// <param name="folder">Folder for logs.</param>
    /// <param name="port">Local port of the broker.</param>
    /// <param name="experts">Number of experts.</param>
    /// <param name="type">Type of the durable queues.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<(BareProgram Program, BareClient Client)> StartAsync(
        string folder, int port, int experts, string type, CancellationToken cancellationToken)
    {
        var queues = new BareQueues(port, experts, type);
        await queues.ConnectAsync(cancellationToken);
        var program = new BareProgram(queues);
        foreach (var role in new[] { "combiner", "expert" })
        {
            string[] arguments = [typeof(BareProgram).Assembly.Location, "path-peer", role, "--port", Text(port), "--experts", Text(experts), "--type", type];
            program._processes.Add(ChildProcess.Start("dotnet", arguments, [], Path.Combine(folder, $"bare-{role}.log")));
        }

        var client = new BareClient(queues);
        await client.ServeAsync(cancellationToken);
        return (program, client);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _queues.DisposeAsync();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
