using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>One service of a <see cref="Stack"/>: started, killed, frozen and started again on the same port.</summary>
internal sealed class StackService : IAsyncDisposable
{
    private readonly string _dll;
    private readonly string _log;
    private readonly TimeProvider _time;
    private ChildProcess? _process;

    /// <param name="name">Its name among the others.</param>
    /// <param name="assembly">Its program.</param>
    /// <param name="folder">Its log goes here.</param>
    /// <param name="port">Where it listens; null for a free port.</param>
    /// <param name="time">The clock.</param>
    public StackService(string name, string assembly, string folder, int? port, TimeProvider time)
    {
        (Name, _time) = (name, time);
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        _dll = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", assembly, configuration, assembly + ".dll"));
        _log = Path.Combine(folder, name + ".log");
        Address = new Uri($"http://127.0.0.1:{port ?? Ports.Free()}/");
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Its name, for example <c>combiner-2</c>.</summary>
    public string Name { get; }

    /// <summary>Where it listens; the same after a restart.</summary>
    public Uri Address { get; }

    /// <summary>A client for <see cref="Address"/>.</summary>
    public HttpClient Http { get; }

    /// <summary>Its process; null before the start.</summary>
    public ChildProcess? Process => _process;

    /// <summary>Starts it.</summary>
    /// <param name="environment">Its settings.</param>
    public void Start(IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(_dll))
        {
            throw new InvalidOperationException($"{_dll} does not exist. Run `make build` first.");
        }

        _process = ChildProcess.Start("dotnet", [_dll, "--urls", Address.GetLeftPart(UriPartial.Authority)], environment, _log);
    }

    /// <summary>Waits until it can work.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message names its log.</exception>
    public async Task ReadyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process is null or { HasExited: true } || _time.GetElapsedTime(start) > patience)
            {
                throw new InvalidOperationException($"{Name} is not ready; see {_log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>SIGTERM, and SIGKILL when it does not end in time.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public Task<bool> StopAsync(TimeSpan patience) => _process?.StopAsync(patience, _time) ?? Task.FromResult(true);

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
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
