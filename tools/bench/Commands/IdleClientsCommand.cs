using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Multimodal.Bench.Clients;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench idle-clients</c>: a gateway with few file descriptors, and more connections than it can hold.</summary>
internal static class IdleClientsCommand
{
    private const int OpenFiles = 1024;
    private const int IdleSeconds = 10;
    private const int HeaderSeconds = 5;

    private static readonly IPAddress One = IPAddress.Parse("127.0.0.2");

    public static Command Create()
    {
        var connections = new Option<int>("--connections") { Description = "Idle connections of each attack.", DefaultValueFactory = _ => 2000 };
        var requests = new Option<int>("--requests") { Description = "Requests posted during each attack.", DefaultValueFactory = _ => 60 };
        var cases = CasesOption.Create();
        var command = new Command(
            "idle-clients", "Open more idle connections than a gateway has file descriptors; exits 1 if it ends, fails other clients or does not recover.")
        {
            connections, requests, cases,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetValue(connections), parse.GetValue(requests), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int connections, int requests, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var samples = await LoadSample.ReadAllAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-idle-");
        try
        {
            var settings = new Dictionary<string, string>
            {
                ["Multimodal:Http:IdleSeconds"] = $"{IdleSeconds}",
                ["Multimodal:Http:HeaderSeconds"] = $"{HeaderSeconds}",
            };
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1, Settings: settings, OpenFiles: OpenFiles), TimeProvider.System);
            await stack.StartAsync(cancellationToken);
            var gateway = stack.Gateways.Single();
            var open = new SequentialLoad(gateway.Http, samples, TimeProvider.System);
            await open.RunAsync("warm-up", requests, cancellationToken);
            var figures = new Figures { Idle = await open.RunAsync("no attack", requests, cancellationToken) };

            Terminal.Line($"{connections} idle connections from one address ...");
            using (var attack = new IdleClients(gateway.Address))
            {
                await attack.OpenAsync(connections, One, default, cancellationToken);
                figures.HeldFromOne = attack.CountOpen();
                using var newcomer = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = gateway.Address };
                figures.New = await new SequentialLoad(newcomer, samples, TimeProvider.System).RunAsync("new connections", requests, cancellationToken);
            }

            Terminal.Line($"{connections} connections from {connections / 100} addresses, half of them with a header that never ends ...");
            using (var attack = new IdleClients(gateway.Address))
            {
                for (var n = 0; n < connections / 100; n++)
                {
                    await attack.OpenAsync(50, Address(n), default, cancellationToken);
                    await attack.OpenAsync(50, Address(n), "GET / HTTP/1.1\r\nHost: x\r\nX-"u8.ToArray(), cancellationToken);
                    figures.Open = await open.RunAsync("an open connection", Math.Max(1, requests * 100 / connections), cancellationToken);
                    figures.NotCompleted += figures.Open.Requests - figures.Open.Completed;
                }

                figures.Held = attack.CountOpen();
                figures.RecoverySeconds = await RecoverAsync(gateway.Address, cancellationToken);
            }

            figures.HasEnded = gateway.Process is null or { HasExited: true };
            return Report(figures) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static IPAddress Address(int n) => new([127, 0, 1, (byte)(n + 1)]);

    /// <summary>Seconds until a new connection is served.</summary>
    private static async Task<double> RecoverAsync(Uri gateway, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = gateway };
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
        {
            try
            {
                using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
                response.EnsureSuccessStatusCode();
                break;
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException)
            {
                // The gateway may close a connection before the client has noticed that it is open.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }

        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static bool Report(Figures figures) => Targets.Check(
    [
        Target.AtMost("gateway ended (1,024 file descriptors)", figures.HasEnded ? 1 : 0, 0),
        Target.AtMost("idle connections that one address holds, of the 624 that fit", figures.HeldFromOne, (OpenFiles - 400) / 2.0),
        Target.AtMost("requests of another address on new connections, not completed", figures.New!.Requests - figures.New.Completed, 0),
        Target.AtMost("p50 of these requests, times p50 without the attack", figures.New.P50 / figures.Idle!.P50, 3),
        Target.AtMost("idle connections that many addresses hold", figures.Held, OpenFiles - 400),
        Target.AtMost("requests on a connection opened before, not completed", figures.NotCompleted, 0),
        Target.AtMost("seconds until a new connection is served, with the attackers still there", figures.RecoverySeconds, IdleSeconds + 3),
    ]);

    private sealed class Figures
    {
        public required PhaseOutcome Idle { get; init; }

        public int HeldFromOne { get; set; }

        public PhaseOutcome? New { get; set; }

        public PhaseOutcome? Open { get; set; }

        public int NotCompleted { get; set; }

        public int Held { get; set; }

        public double RecoverySeconds { get; set; }

        public bool HasEnded { get; set; }
    }
}
