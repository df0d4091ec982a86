using System.Globalization;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>A service of a <see cref="Stack"/> that can be started, killed, frozen and restarted on the same port.</summary>
internal sealed class StackService : IAsyncDisposable
{
    private readonly string _assembly;
    private readonly string _log;
    private readonly TimeProvider _time;
    private readonly CertificateAuthority? _authority;
    private readonly (string Certificate, string Key)? _tls;
    private readonly int? _openFiles;
    private ChildProcess? _process;

    /// <param name="name">Unique name.</param>
    /// <param name="assembly">Name of its assembly.</param>
    /// <param name="folder">Folder of its log.</param>
    /// <param name="port">Port; null for a free one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="openFiles">Limit of open files; null for that of this process.</param>
    /// <param name="authority">Signs its certificate; null for HTTP without TLS.</param>
    public StackService(
        string name, string assembly, string folder, int? port, TimeProvider time, int? openFiles = null, CertificateAuthority? authority = null)
    {
        (Name, _time, _openFiles) = (name, time, openFiles);
        _assembly = assembly;
        _log = Path.Combine(folder, name + ".log");
        (_authority, _tls) = (authority, authority?.IssueServer(name));
        Address = new Uri($"{(authority is null ? "http" : "https")}://127.0.0.1:{port ?? Ports.Free()}/");
        Http = NewClient(TimeSpan.FromSeconds(30));
    }

    /// <summary>Folder of the programs of this build.</summary>
    public static string OwnBinaries { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>Folder of the programs of the build to start, with a folder per assembly.</summary>
    public string Binaries { get; set; } = OwnBinaries;

    /// <summary>Whether it uses its cache of answers. Off, because benchmarks repeat the same requests and measure the experts.</summary>
    public bool IsCaching { get; set; }

    /// <summary>Name, for example <c>combiner-2</c>.</summary>
    public string Name { get; }

    /// <summary>Base address; the same after a restart.</summary>
    public Uri Address { get; }

    /// <summary>A client for <see cref="Address"/>.</summary>
    public HttpClient Http { get; }

    /// <summary>The process; null before the start.</summary>
    public ChildProcess? Process => _process;

    /// <summary>Creates another client for <see cref="Address"/>. Dispose it.</summary>
    public HttpClient NewClient(TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler();
        if (_authority is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = _authority.Accepts;
        }

        return new HttpClient(handler) { BaseAddress = Address, Timeout = timeout };
    }

    /// <summary>Starts the process.</summary>
    /// <param name="environment">Settings as environment variables.</param>
    public void Start(IReadOnlyDictionary<string, string> environment)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var dll = Path.Combine(Binaries, _assembly, configuration, _assembly + ".dll");
        if (!File.Exists(dll))
        {
            throw new InvalidOperationException($"{dll} does not exist. Run `make build` first.");
        }

        // Programs of another build may not know the setting.
        KeyValuePair<string, string>[] cache = IsCaching || Binaries != OwnBinaries ? [] : [new("Multimodal__Cache__MaxBytes", "0")];
        KeyValuePair<string, string>[] tls = _tls is { } pair
            ? [new("Kestrel__Certificates__Default__Path", pair.Certificate), new("Kestrel__Certificates__Default__KeyPath", pair.Key)]
            : [];
        string[] command = ["dotnet", dll, "--urls", Address.GetLeftPart(UriPartial.Authority)];
        if (_openFiles is { } files)
        {
            command = ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={files}"), .. command];
        }

        _process = ChildProcess.Start(command[0], command[1..], environment.Concat(cache).Concat(tls), _log);
    }

    /// <summary>Waits until the readiness check succeeds.</summary>
    /// <exception cref="InvalidOperationException">The process exited or timed out; the message names its log.</exception>
    public async Task ReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process is null or { HasExited: true } || _time.GetElapsedTime(start) > timeout)
            {
                throw new InvalidOperationException($"{Name} did not become ready; see {_log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Sends SIGTERM, and SIGKILL after the timeout.</summary>
    /// <returns>Whether the process exited by itself.</returns>
    public Task<bool> StopAsync(TimeSpan timeout) => _process?.StopAsync(timeout, _time) ?? Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Http.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
