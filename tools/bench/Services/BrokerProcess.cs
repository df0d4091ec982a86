using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Multimodal.Tool.Services;
using RabbitMQ.Client;

namespace Multimodal.Bench.Services;

/// <summary>
/// A RabbitMQ node from the Debian package as a child process, with its own folder, ports and epmd, so that it can run beside other nodes
/// on the machine. Each of its sockets listens on the loopback interface only; user and password are the default, guest.
/// </summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Control = "/usr/lib/rabbitmq/bin/rabbitmqctl";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly int _distributionPort = Ports.Free();
    private readonly EpmdProcess _epmd;
    private readonly CertificateAuthority? _authority;
    private readonly int _managementPort = Ports.Free();
    private readonly HttpClient _http;
    private ChildProcess? _process;

    /// <param name="folder">Folder for all files; survives a restart.</param>
    /// <param name="time">The clock.</param>
    /// <param name="authority">Signs the broker's certificate and those of its clients, which must show one; null for no TLS.</param>
    public BrokerProcess(string folder, TimeProvider time, CertificateAuthority? authority = null)
    {
        (_folder, _time, _authority) = (Path.GetFullPath(folder), time, authority);
        _epmd = new EpmdProcess(_folder, time);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_managementPort}/api/"), Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("guest:guest"u8));
    }

    /// <summary>AMQP port; the same after a restart.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Port of the management API and page; the same after a restart.</summary>
    public int ManagementPort => _managementPort;

    /// <summary>The node's process id, while it runs.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Whether RabbitMQ is installed; <c>eng/setup</c> installs it.</summary>
    public static bool IsInstalled => File.Exists(Server);

    /// <summary>Settings that connect a service to this broker.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Multimodal:Transport:Kind", "rabbitmq"),
        new("Multimodal:Transport:Broker:Host", "127.0.0.1"),
        new("Multimodal:Transport:Broker:Port", Port.ToString(CultureInfo.InvariantCulture)),
        .. _authority is null ? [] : TlsSettings(_authority),
    ];

    /// <summary>A factory of connections for a client.</summary>
    public ConnectionFactory Clients => new()
    {
        HostName = "127.0.0.1",
        Port = Port,
        Ssl = _authority is null
            ? new SslOption()
            : new SslOption { Enabled = true, ServerName = "127.0.0.1", CertificateValidationCallback = _authority.Accepts, Certs = [_authority.ReadClient()] },
    };

    private string Node => $"multimodal-{Port}@localhost";

    /// <summary>Starts the node and waits until it accepts connections.</summary>
    /// <exception cref="InvalidOperationException">The node exited or timed out; the message names its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "plugins"), "[rabbitmq_management].", cancellationToken);

        // Quorum queues keep their log in memory until its file is full, which is 512 MB by default.
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "rabbitmq.conf"),
            $"""
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_managementPort}
            disk_free_limit.absolute = 200MB
            vm_memory_high_watermark.absolute = 2GB
            log.file.level = warning
            raft.wal_max_size_bytes = 32000000
            {(_authority is null ? "" : TlsConfiguration(_authority))}
            """,
            cancellationToken);
        await _epmd.StartAsync(cancellationToken);
        _process = ChildProcess.Start(Server, [], Environment(), Path.Combine(_folder, "output.log"));
        var start = _time.GetTimestamp();
        while (!await IsUpAsync(cancellationToken))
        {
            if (_process.HasExited || _time.GetElapsedTime(start) > StartTimeout)
            {
                throw new InvalidOperationException($"RabbitMQ did not start; see {_folder}/output.log and {_folder}/log.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancellationToken);
        }
    }

    /// <summary>Creates a virtual host, which isolates queues of the same names.</summary>
    public async Task AddVirtualHostAsync(string name, CancellationToken cancellationToken)
    {
        using var empty = new StringContent("{}", Encoding.UTF8, "application/json");
        using var made = await _http.PutAsync(new Uri($"vhosts/{name}", UriKind.Relative), empty, cancellationToken);
        made.EnsureSuccessStatusCode();
        using var rights = new StringContent("""{"configure": ".*", "write": ".*", "read": ".*"}""", Encoding.UTF8, "application/json");
        using var allowed = await _http.PutAsync(new Uri($"permissions/{name}/guest", UriKind.Relative), rights, cancellationToken);
        allowed.EnsureSuccessStatusCode();
    }

    /// <summary>Reads the number of messages in each queue, ready and unacknowledged.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueuesAsync(CancellationToken cancellationToken)
    {
        using var queues = JsonDocument.Parse(await _http.GetStringAsync(new Uri("queues?columns=name,messages", UriKind.Relative), cancellationToken));
        return queues.RootElement.EnumerateArray().Where(queue => queue.TryGetProperty("messages", out _)).ToDictionary(
            queue => queue.GetProperty("name").GetString()!, queue => queue.GetProperty("messages").GetDouble());
    }

    /// <summary>Sets the memory limit above which the broker blocks publishers, until the next change or restart.</summary>
    /// <param name="limit">For example <c>2GB</c>.</param>
    public async Task SetMemoryLimitAsync(string limit)
    {
        await using var control = ChildProcess.Start(
            Control, ["--node", Node, "set_vm_memory_high_watermark", "absolute", limit], Environment(), Path.Combine(_folder, "output.log"));
        await control.ExitAsync(StartTimeout, _time);
        if (control.ExitCode != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl did not set the memory limit; see {_folder}/output.log.");
        }
    }

    /// <summary>Freezes the node, like a hanging machine: connections stay open and nothing is read.</summary>
    public void Freeze() => _process!.Send(ChildProcess.Signal.Stop);

    /// <summary>Resumes after <see cref="Freeze"/>.</summary>
    public void Thaw() => _process!.Send(ChildProcess.Signal.Continue);

    /// <summary>Sends SIGKILL, like a power failure.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _epmd.DisposeAsync();
        _http.Dispose();
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("health/checks/port-listener/" + Port, UriKind.Relative), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> TlsSettings(CertificateAuthority authority) =>
    [
        new("Multimodal:Transport:Broker:Tls:Enabled", "true"),
        new("Multimodal:Transport:Broker:Tls:CaFile", authority.File),
        new("Multimodal:Transport:Broker:Tls:ClientCertificate", authority.Client.Certificate),
        new("Multimodal:Transport:Broker:Tls:ClientKey", authority.Client.Key),
    ];

    private string TlsConfiguration(CertificateAuthority authority)
    {
        var (certificate, key) = authority.IssueServer("rabbitmq");
        return $"""
            listeners.tcp = none
            listeners.ssl.1 = 127.0.0.1:{Port}
            ssl_options.cacertfile = {authority.File}
            ssl_options.certfile = {certificate}
            ssl_options.keyfile = {key}
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = true
            """;
    }

    private Dictionary<string, string> Environment()
    {
        var environment = NodeSettings();
        if (_authority is null)
        {
            environment["RABBITMQ_NODE_PORT"] = $"{Port}";
            environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        }

        return environment;
    }

    private Dictionary<string, string> NodeSettings() => new()
    {
        ["HOME"] = _folder,
        ["RABBITMQ_NODENAME"] = Node,
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "none.conf"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
        ["RABBITMQ_FEATURE_FLAGS_FILE"] = Path.Combine(_folder, "feature-flags"),
        ["RABBITMQ_SCHEMA_DIR"] = Path.Combine(_folder, "schema"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(_folder, "config"),
        ["ERL_EPMD_PORT"] = $"{_epmd.Port}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",

        // For the node, for the short-lived node that it starts, and for rabbitmqctl. All three listen for other nodes.
        ["ERL_ZFLAGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",

        // Makes the server script exec the node, so that the process id is the node's.
        ["RABBITMQ_ALLOW_INPUT"] = "1",
    };
}
