using System.Diagnostics;

namespace Multimodal.Tool.Services;

/// <summary>The all-in-one service as a child process on a free port of the loopback interface.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string _dll;
    private readonly string _dataFolder;
    private readonly TimeProvider _time;
    private readonly string? _modelsFolder;
    private readonly List<string> _lastLines = [];
    private Process? _process;

    /// <summary>Creates a service that is not started yet.</summary>
    /// <param name="dll">The built service; see <see cref="DefaultDll"/>.</param>
    /// <param name="dataFolder">Folder of its request store and blobs; survives a restart.</param>
    /// <param name="time">The clock.</param>
    /// <param name="modelsFolder">Folder of its ensembles; null for the default.</param>
    public ServiceProcess(string dll, string dataFolder, TimeProvider time, string? modelsFolder = null)
    {
        _modelsFolder = modelsFolder;
        _dll = dll;
        _dataFolder = dataFolder;
        _time = time;
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Whether it uses its cache of answers. Benchmarks repeat the same requests and measure the experts, so they switch it off.</summary>
    public bool IsCaching { get; init; } = true;

    /// <summary>Base address; the same after a restart.</summary>
    public Uri Address { get; }

    /// <summary>A client for <see cref="Address"/>.</summary>
    public HttpClient Http { get; }

    /// <summary>The service built next to this tool, with the same configuration.</summary>
    public static string DefaultDll()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "Multimodal.AllInOne", configuration, "Multimodal.AllInOne.dll"));
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">The process exited or was not ready within a minute; the message contains its last log
    /// lines.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_dll))
        {
            throw new InvalidOperationException($"{_dll} does not exist. Run `make build` first, or give its path with --service.");
        }

        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(_dll);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(Address.GetLeftPart(UriPartial.Authority));
        start.Environment["Multimodal__DataFolder"] = _dataFolder;
        if (!IsCaching)
        {
            start.Environment["Multimodal__Cache__MaxBytes"] = "0";
        }

        if (_modelsFolder is not null)
        {
            start.Environment["Multimodal__ModelsFolder"] = _modelsFolder;
        }

        _process = TiedProcess.Start(start);
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var started = _time.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited || _time.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException($"The service at {Address} did not become ready. Its last lines:\n{LastLines()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }

        if (_process.HasExited)
        {
            throw new InvalidOperationException($"Another process listens on {Address}. The service's last lines:\n{LastLines()}");
        }
    }

    /// <summary>Sends SIGKILL, so that the process cannot save anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
        }

        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
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
            // The service does not listen yet.
            return false;
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Add(line);
            if (_lastLines.Count > 30)
            {
                _lastLines.RemoveAt(0);
            }
        }
    }

    private string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines);
        }
    }
}
