using Multimodal.Bench.Services;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>The all-in-one service as a child process, with a broker if RabbitMQ is installed.</summary>
internal sealed class FuzzService : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly StackService _service;

    /// <param name="folder">Folder for data and logs.</param>
    /// <param name="time">The clock.</param>
    public FuzzService(string folder, TimeProvider time)
    {
        _folder = folder;
        Broker = BrokerProcess.IsInstalled ? new BrokerProcess(Path.Combine(folder, "rabbitmq"), time) : null;
        _service = new StackService("all-in-one", "Multimodal.AllInOne", folder, null, time);
    }

    /// <summary>The broker; null if it is not installed.</summary>
    public BrokerProcess? Broker { get; }

    /// <summary>The address of the gateway.</summary>
    public Uri Address => _service.Address;

    /// <summary>Whether the process has exited.</summary>
    public bool HasExited => _service.Process is null or { HasExited: true };

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Broker is not null)
        {
            await Broker.StartAsync(cancellationToken);
        }

        var settings = new Dictionary<string, string>(Broker?.Settings ?? []) { ["Multimodal:DataFolder"] = Path.Combine(_folder, "data") };
        _service.Start(settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));
        await _service.ReadyAsync(StartTimeout, cancellationToken);
    }

    /// <summary>Measures its memory after a garbage collection.</summary>
    public Task<ServiceMemory> MeasureAsync(TimeProvider time, CancellationToken cancellationToken) =>
        ServiceMemory.MeasureAsync(_service.Process!.Id, _service.Http, time, cancellationToken);

    /// <summary>Reads one of its metrics.</summary>
    public Task<double> ReadMetricAsync(string name, CancellationToken cancellationToken) => Metrics.ReadAsync(_service.Http, name, cancellationToken);

    /// <summary>Payloads in its folder.</summary>
    public int CountPayloads()
    {
        var blobs = Path.Combine(_folder, "data", "blobs");
        return Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*", SearchOption.AllDirectories).Length : 0;
    }

    /// <summary>Its log.</summary>
    public string Log => Path.Combine(_folder, "all-in-one.log");

    /// <summary>The errors in its log: each category, and how often.</summary>
    public IReadOnlyDictionary<string, int> ErrorsInLog() => File.ReadLines(Log)
        .Where(line => line.StartsWith("fail: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal) || line.StartsWith("Unhandled", StringComparison.Ordinal))
        .GroupBy(line => line)
        .ToDictionary(group => group.Key, group => group.Count());

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await (Broker?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
