using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Scaling;

/// <summary>The all-in-one service with generated ensembles, and the processor time that requests cost it.</summary>
internal sealed class ScaledService : IAsyncDisposable
{
    private const int Clients = 4;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private readonly StackService _service;
    private readonly TimeProvider _time;
    private int _posted;

    private ScaledService(StackService service, TimeProvider time) => (_service, _time) = (service, time);

    /// <summary>A client of the service.</summary>
    public HttpClient Http => _service.Http;

    /// <summary>Creates another client with its own connections. Dispose it.</summary>
    public HttpClient NewClient() => _service.NewClient(TimeSpan.FromSeconds(60));

    /// <summary>Starts a service.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="shapes">The ensembles to generate.</param>
    /// <param name="settings">More settings, as environment variables.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<ScaledService> StartAsync(
        ScalingRun run, string name, IEnumerable<NoOpShape> shapes, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, name)).FullName;
        foreach (var shape in shapes)
        {
            NoOpEnsemble.Write(Path.Combine(folder, "models"), shape);
        }

        var service = new StackService(name, "Multimodal.AllInOne", folder, null, run.Time);
        service.Start(new Dictionary<string, string>(settings)
        {
            ["Multimodal__DataFolder"] = Path.Combine(folder, "data"),
            ["Multimodal__ModelsFolder"] = Path.Combine(folder, "models"),
            ["Multimodal__Gateway__MinInFlight"] = "1024",
            ["Multimodal__Gateway__MaxInFlight"] = "1024",
            ["Logging__LogLevel__Default"] = "Warning",

            // Threads that look for work before they sleep would cost more than the requests at low rates.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        });
        await service.ReadyAsync(StartTimeout, cancellationToken);
        return new ScaledService(service, run.Time);
    }

    /// <summary>Posts one request and waits for its answer. Its text differs from that of all others.</summary>
    /// <param name="body">Makes the request's body from a number.</param>
    /// <param name="key">API key; null for none.</param>
    /// <returns>The id of the request.</returns>
    public Task<string> AskAsync(Func<int, object> body, string? key = null) => AskAsync(Http, body, key);

    /// <summary>Posts one request by another client.</summary>
    public async Task<string> AskAsync(HttpClient client, Func<int, object> body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative))
        {
            Content = JsonContent.Create(body(Interlocked.Increment(ref _posted))),
        };
        request.Headers.Add("Prefer", "wait=30");
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var response = await client.SendAsync(request);
        var content = await response.Content.ReadAsByteArrayAsync();
        using var answer = JsonDocument.Parse(content);
        return response.StatusCode == HttpStatusCode.OK && answer.RootElement.GetProperty("status").ValueEquals("completed")
            ? answer.RootElement.GetProperty("id").GetString()!
            : throw new InvalidDataException($"The gateway answered {(int)response.StatusCode}: {answer.RootElement}");
    }

    /// <summary>Makes calls until the runtime has compiled and optimized what they use.</summary>
    public Task WarmUpAsync(ScalingRun run, Func<Task> ask) => ClosedLoop.RunAsync(Clients, 4 * run.Each, ask, _time);

    /// <summary>Processor time per call, in milliseconds, with a few clients that each wait for their answer.</summary>
    public Task<double> BusyCostAsync(TimeSpan duration, Func<Task> ask) => BusyCostAsync(Clients, duration, ask);

    /// <summary>Processor time per call, in milliseconds, of clients that each wait for their answer.</summary>
    public async Task<double> BusyCostAsync(int clients, TimeSpan duration, Func<Task> ask)
    {
        var clock = Watch();
        var figures = await ClosedLoop.RunAsync(clients, duration, ask, _time);
        return clock.Read()[0].Ms / figures.Milliseconds.Count;
    }

    /// <summary>Processor time per call, in milliseconds, at an even rate. It includes what the service does in the background.</summary>
    public async Task<double> PacedCostAsync(double perSecond, TimeSpan duration, Func<Task> ask)
    {
        var clock = Watch();
        var latencies = await PacedLoad.RunAsync(PacedLoad.EvenTimes(perSecond, duration), ask, _time);
        return clock.Read()[0].Ms / latencies.Count;
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private CpuClock Watch()
    {
        var clock = new CpuClock();
        clock.Watch("", _service.Process!.Id);
        return clock;
    }
}
