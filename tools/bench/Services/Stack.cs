using System.Globalization;

namespace Multimodal.Bench.Services;

/// <summary>
/// The five services with a broker, and with a database server if the plan has one, all as child processes: the topology of a
/// cluster on one machine. Stops only the processes that it started.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly IReadOnlyDictionary<string, string>? _settings;
    private readonly FakeClocks? _clocks;
    private readonly CertificateAuthority? _authority;
    private readonly int? _openFiles;
    private readonly List<StackService> _added = [];

    /// <param name="folder">Folder for data and logs.</param>
    /// <param name="plan">Number of processes of each service.</param>
    /// <param name="time">The clock.</param>
    public Stack(string folder, StackPlan plan, TimeProvider time)
    {
        (_folder, _time, _settings) = (Path.GetFullPath(folder), time, plan.Settings);
        (_clocks, _openFiles) = (plan.Clocks, plan.OpenFiles);
        _authority = plan.IsEncrypted ? new CertificateAuthority(Path.Combine(_folder, "certificates"), time) : null;
        Broker = new BrokerProcess(Path.Combine(_folder, "rabbitmq"), time, _authority);
        Database = plan.Gateways > 1 || plan.HasDatabase ? new PostgresProcess(Path.Combine(_folder, "postgresql"), time, _authority) : null;
        Services =
        [
            .. Make("combiner", "Multimodal.Combiner", plan.Combiners, null),
            .. Make("text-expert", "Multimodal.TextExpert", plan.Experts, null),
            .. Make("vision-expert", "Multimodal.VisionExpert", plan.Experts, null),
            .. Make("audio-expert", "Multimodal.AudioExpert", plan.Experts, null),
            .. Make("gateway", "Multimodal.Gateway", plan.Gateways, plan.GatewayPort),
        ];
        foreach (var service in Services)
        {
            (service.Binaries, service.IsCaching) = (plan.Binaries ?? StackService.OwnBinaries, plan.IsCaching);
        }
    }

    /// <summary>The broker.</summary>
    public BrokerProcess Broker { get; }

    /// <summary>The database server; null if the gateway uses SQLite.</summary>
    public PostgresProcess? Database { get; }

    /// <summary>The services of the plan.</summary>
    public IReadOnlyList<StackService> Services { get; }

    /// <summary>The services added by <see cref="AddAsync"/>.</summary>
    public IReadOnlyList<StackService> Added => _added;

    /// <summary>The gateways.</summary>
    public IEnumerable<StackService> Gateways => Services.Where(service => service.Name.StartsWith("gateway", StringComparison.Ordinal));

    /// <summary>Folder of the payloads.</summary>
    public string Payloads => Path.Combine(_folder, "data", "blobs");

    /// <summary>The gateway's request database, unless it uses the database server.</summary>
    public string RequestDatabase => Path.Combine(_folder, "data", "requests.db");

    /// <summary>Starts everything and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        await Task.WhenAll(Broker.StartAsync(cancellationToken), Database?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        foreach (var service in Services)
        {
            service.Start(Environment(service.Name));
        }

        foreach (var service in Services)
        {
            await service.ReadyAsync(StartTimeout, cancellationToken);
        }
    }

    /// <summary>Starts another service with its own settings and waits until it is ready.</summary>
    public async Task AddAsync(string name, string assembly, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var service = new StackService(name, assembly, _folder, null, _time, authority: _authority);
        _added.Add(service);
        service.Start(Environment(name).Concat(Variables(settings)).ToDictionary());
        await service.ReadyAsync(StartTimeout, cancellationToken);
    }

    /// <summary>Restarts a killed service.</summary>
    public void Restart(StackService service) => service.Start(Environment(service.Name));

    /// <summary>Stops a service, starts that of another build on the same port, and waits until it is ready.</summary>
    /// <param name="service">The service.</param>
    /// <param name="binaries">Folder of the programs of the other build.</param>
    /// <param name="timeout">Time after which the service is killed if it has not stopped.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether the service stopped by itself.</returns>
    public async Task<bool> ReplaceAsync(StackService service, string binaries, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isClean = await service.StopAsync(timeout);
        await service.KillAsync();
        service.Binaries = binaries;
        Restart(service);
        await service.ReadyAsync(StartTimeout, cancellationToken);
        return isClean;
    }

    /// <summary>Requests termination of all services, and kills them after the timeout.</summary>
    /// <returns>Names of the killed services.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(TimeSpan timeout)
    {
        var stopped = await Task.WhenAll(Services.Select(async service => (service.Name, IsClean: await service.StopAsync(timeout))));
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
        _authority?.Dispose();
    }

    private IEnumerable<StackService> Make(string name, string assembly, int count, int? port) => Enumerable.Range(1, count).Select(number =>
        new StackService(
            string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"), assembly, _folder, number == 1 ? port : null, _time, _openFiles, _authority));

    private Dictionary<string, string> Environment(string service)
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

        var clock = _clocks?.Environment(service) ?? new Dictionary<string, string>();
        return Variables(settings).Concat(clock).ToDictionary();
    }

    /// <summary>Converts settings to environment variables.</summary>
    private static Dictionary<string, string> Variables(IReadOnlyDictionary<string, string> settings) =>
        settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
}
