using System.Globalization;

namespace Multimodal.Bench.Services;

/// <summary>
/// The five services with a broker and, when there is more than one gateway, a database server, all as child processes: the same
/// topology as in a cluster, on one machine. Ends only what it started.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly IReadOnlyDictionary<string, string>? _settings;
    private readonly List<StackService> _added = [];

    /// <param name="folder">Data and logs go here.</param>
    /// <param name="plan">How many processes of each service.</param>
    /// <param name="time">The clock.</param>
    public Stack(string folder, StackPlan plan, TimeProvider time)
    {
        (_folder, _time, _settings) = (Path.GetFullPath(folder), time, plan.Settings);
        Broker = new BrokerProcess(Path.Combine(_folder, "rabbitmq"), time);
        Database = plan.Gateways > 1 ? new PostgresProcess(Path.Combine(_folder, "postgresql"), time) : null;
        Services =
        [
            .. Make("combiner", "Multimodal.Combiner", plan.Combiners, null),
            .. Make("text-expert", "Multimodal.TextExpert", plan.Experts, null),
            .. Make("vision-expert", "Multimodal.VisionExpert", plan.Experts, null),
            .. Make("audio-expert", "Multimodal.AudioExpert", plan.Experts, null),
            .. Make("gateway", "Multimodal.Gateway", plan.Gateways, plan.GatewayPort),
        ];
    }

    /// <summary>The broker.</summary>
    public BrokerProcess Broker { get; }

    /// <summary>The database server; null when the gateway uses a file.</summary>
    public PostgresProcess? Database { get; }

    /// <summary>All services.</summary>
    public IReadOnlyList<StackService> Services { get; }

    /// <summary>The services that came later.</summary>
    public IReadOnlyList<StackService> Added => _added;

    /// <summary>The services that take requests.</summary>
    public IEnumerable<StackService> Gateways => Services.Where(service => service.Name.StartsWith("gateway", StringComparison.Ordinal));

    /// <summary>The folder of the payloads.</summary>
    public string Payloads => Path.Combine(_folder, "data", "blobs");

    /// <summary>Starts everything and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        await Task.WhenAll(Broker.StartAsync(cancellationToken), Database?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        foreach (var service in Services)
        {
            service.Start(Environment());
        }

        foreach (var service in Services)
        {
            await service.ReadyAsync(Patience, cancellationToken);
        }
    }

    /// <summary>Starts one more service, with settings of its own, and waits until it is ready.</summary>
    public async Task AddAsync(string name, string assembly, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var service = new StackService(name, assembly, _folder, null, _time);
        _added.Add(service);
        service.Start(Environment().Concat(Variables(settings)).ToDictionary());
        await service.ReadyAsync(Patience, cancellationToken);
    }

    /// <summary>Starts a service again that was killed.</summary>
    public void Restart(StackService service) => service.Start(Environment());

    /// <summary>Asks all services to end, within the time.</summary>
    /// <returns>Those that had to be killed.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(TimeSpan patience)
    {
        var stopped = await Task.WhenAll(Services.Select(async service => (service.Name, IsClean: await service.StopAsync(patience))));
        return [.. stopped.Where(service => !service.IsClean).Select(service => service.Name)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services.Concat(_added))
        {
            await service.DisposeAsync();
        }

        await Broker.DisposeAsync();
        await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private IEnumerable<StackService> Make(string name, string assembly, int count, int? port) => Enumerable.Range(1, count).Select(number =>
        new StackService(string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"), assembly, _folder, number == 1 ? port : null, _time));

    private Dictionary<string, string> Environment()
    {
        var settings = new Dictionary<string, string>(Broker.Settings)
        {
            ["Multimodal:DataFolder"] = Path.Combine(_folder, "data"),
        };
        if (Database is not null)
        {
            settings["Multimodal:Store:Kind"] = "postgresql";
            settings["Multimodal:Store:Postgresql"] = Database.ConnectionString();
        }

        foreach (var (key, value) in _settings ?? new Dictionary<string, string>())
        {
            settings[key] = value;
        }

        return Variables(settings);
    }

    /// <summary>Settings as environment variables.</summary>
    private static Dictionary<string, string> Variables(IReadOnlyDictionary<string, string> settings) =>
        settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
}
