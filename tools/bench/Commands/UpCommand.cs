using System.CommandLine;
using System.Runtime.InteropServices;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench up</c>: runs the broker and the services as plain processes until SIGTERM or Ctrl-C.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Folder for data and logs.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "up")),
        };
        var gateways = new Option<int>("--gateways")
        {
            Description = "Number of gateways; more than one share a PostgreSQL server.",
            DefaultValueFactory = _ => 1,
        };
        var combiners = new Option<int>("--combiners") { Description = "Number of combiners.", DefaultValueFactory = _ => 1 };
        var experts = new Option<int>("--experts") { Description = "Processes of each kind of expert.", DefaultValueFactory = _ => 1 };
        var port = new Option<int>("--port") { Description = "Port of the first gateway.", DefaultValueFactory = _ => 8080 };
        var command = new Command("up", "Start RabbitMQ and the five services as plain processes; SIGTERM or Ctrl-C stops them.")
        {
            folder, gateways, combiners, experts, port,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(folder),
            new StackPlan(
                parse.GetRequiredValue(gateways), parse.GetRequiredValue(combiners), parse.GetRequiredValue(experts), parse.GetRequiredValue(port))
            {
                IsCaching = true,
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, StackPlan plan, CancellationToken cancellationToken)
    {
        var stopRequested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => RequestStop(context, stopRequested));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => RequestStop(context, stopRequested));
        var ready = Path.Combine(folder.FullName, "ready");
        File.Delete(ready);
        await using var stack = new Stack(folder.FullName, plan, TimeProvider.System);
        await stack.StartAsync(cancellationToken);
        var table = new Table().Border(TableBorder.Ascii).AddColumns("process", "id", "address");
        table.AddRow("rabbitmq", "", $"amqp://127.0.0.1:{stack.Broker.Port} and http://127.0.0.1:{stack.Broker.ManagementPort}");
        foreach (var service in stack.Services)
        {
            table.AddRow(service.Name, $"{service.Process!.Id}", service.Address.ToString());
        }

        AnsiConsole.Write(table);
        Terminal.Line(
            $"All services are ready. Post requests to {stack.Gateways.First().Address}v1/requests. Data and logs are in {folder.FullName}.");
        await File.WriteAllTextAsync(ready, "", cancellationToken);
        await stopRequested.Task.WaitAsync(cancellationToken);
        File.Delete(ready);
        var killed = await stack.StopAsync(Drain);
        Terminal.Line($"All services stopped{(killed.Count > 0 ? "; killed: " + string.Join(", ", killed) : "")}.");
        return killed.Count == 0 ? 0 : 1;
    }

    private static void RequestStop(PosixSignalContext context, TaskCompletionSource stopRequested)
    {
        context.Cancel = true;
        stopRequested.TrySetResult();
    }
}
