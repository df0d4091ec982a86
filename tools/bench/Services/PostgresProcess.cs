using System.Net.Sockets;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>
/// PostgreSQL as Debian packages it, as a child process with a folder and a port of its own. Listens on the loopback interface
/// only and trusts whoever connects there.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const string User = "multimodal";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly int _port = Ports.Free();
    private ChildProcess? _process;

    /// <param name="folder">Everything it writes goes here; survives a restart.</param>
    /// <param name="time">The clock.</param>
    public PostgresProcess(string folder, TimeProvider time) => (_folder, _time) = (Path.GetFullPath(folder), time);

    /// <summary>Whether PostgreSQL is installed; <c>eng/setup</c> installs it.</summary>
    public static bool IsInstalled => Binaries() is not null;

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "output.log");

    /// <summary>How to connect.</summary>
    /// <param name="schema">Keeps the tables of one user apart from others'; made on the first connection.</param>
    public string ConnectionString(string schema = "public") =>
        $"Host=127.0.0.1;Port={_port};Database=postgres;Username={User};Search Path={schema};Maximum Pool Size=20";

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, ended, or was not up in time.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var binaries = Binaries() ?? throw new InvalidOperationException("PostgreSQL is not installed; eng/setup installs it.");
        Directory.CreateDirectory(_folder);
        if (!Directory.Exists(Data))
        {
            Directory.CreateDirectory(Data);
            if (Environment.IsPrivilegedProcess)
            {
                // The server refuses to run as root.
                await RunAsync("chmod", ["o+rx", _folder]);
                await RunAsync("chown", ["postgres:", Data]);
            }

            await RunAsync(Path.Combine(binaries, "initdb"), ["-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync"], asServer: true);
        }

        string[] settings = ["-D", Data, "-p", $"{_port}", "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200"];
        _process = Start(Path.Combine(binaries, "postgres"), settings, asServer: true);
        var start = _time.GetTimestamp();
        while (!await IsUpAsync(binaries))
        {
            if (_process.HasExited || _time.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"PostgreSQL is not up; see {Log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancellationToken);
        }
    }

    /// <summary>Ends it as a crash would: open transactions are lost, what is committed is recovered at the next start.</summary>
    public async Task CrashAsync()
    {
        if (_process is { } process)
        {
            process.Send(ChildProcess.Signal.Quit);
            await process.StopAsync(TimeSpan.FromSeconds(10), _time);
            await process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await CrashAsync();

    /// <summary>The newest version's programs.</summary>
    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).Order().LastOrDefault()
        : null;

    private async Task<bool> IsUpAsync(string binaries)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
        }
        catch (SocketException)
        {
            return false;
        }

        return await RunAsync(Path.Combine(binaries, "pg_isready"), ["-h", "127.0.0.1", "-p", $"{_port}", "-q"], mayFail: true);
    }

    private ChildProcess Start(string program, IEnumerable<string> arguments, bool asServer) => asServer && Environment.IsPrivilegedProcess
        ? ChildProcess.Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", program, .. arguments], [], Log)
        : ChildProcess.Start(program, arguments, [], Log);

    private async Task<bool> RunAsync(string program, IEnumerable<string> arguments, bool asServer = false, bool mayFail = false)
    {
        await using var process = Start(program, arguments, asServer);
        await process.ExitAsync(Patience, _time);
        return process.ExitCode == 0 || mayFail
            ? process.ExitCode == 0
            : throw new InvalidOperationException($"{program} failed; see {Log}.");
    }
}
