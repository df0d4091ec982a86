using System.Net.Sockets;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>
/// A PostgreSQL server from the Debian package as a child process, with its own folder and port. Listens on the loopback interface only and
/// accepts all local connections without a password.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const string User = "multimodal";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly int _port = Ports.Free();
    private ChildProcess? _process;

    /// <param name="folder">Folder for all files; survives a restart.</param>
    /// <param name="time">The clock.</param>
    public PostgresProcess(string folder, TimeProvider time) => (_folder, _time) = (Path.GetFullPath(folder), time);

    /// <summary>Whether PostgreSQL is installed; <c>eng/setup</c> installs it.</summary>
    public static bool IsInstalled => Binaries() is not null;

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "output.log");

    /// <summary>Returns a connection string.</summary>
    /// <param name="schema">Schema that isolates the tables of one user; created on the first connection.</param>
    public string ConnectionString(string schema = "public") =>
        $"Host=127.0.0.1;Port={_port};Database=postgres;Username={User};Search Path={schema};Maximum Pool Size=20";

    /// <summary>Starts the server and waits until it accepts connections.</summary>
    /// <exception cref="InvalidOperationException">The server is not installed, exited or timed out.</exception>
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
            if (_process.HasExited || _time.GetElapsedTime(start) > StartTimeout)
            {
                throw new InvalidOperationException($"PostgreSQL did not start; see {Log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancellationToken);
        }
    }

    /// <summary>Stops the server like a crash: open transactions are lost, and committed ones are recovered at the next start.</summary>
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

    /// <summary>Folder of the newest installed version's programs.</summary>
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
        await process.ExitAsync(StartTimeout, _time);
        return process.ExitCode == 0 || mayFail
            ? process.ExitCode == 0
            : throw new InvalidOperationException($"{program} failed; see {Log}.");
    }
}
