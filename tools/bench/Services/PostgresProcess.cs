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
    private readonly CertificateAuthority? _authority;
    private readonly int _port = Ports.Free();
    private ChildProcess? _process;

    /// <param name="folder">Folder for all files; survives a restart.</param>
    /// <param name="time">The clock.</param>
    /// <param name="authority">Signs the server's certificate and those of its clients, which must show one; null for no TLS.</param>
    public PostgresProcess(string folder, TimeProvider time, CertificateAuthority? authority = null) =>
        (_folder, _time, _authority) = (Path.GetFullPath(folder), time, authority);

    /// <summary>Whether PostgreSQL is installed; <c>eng/setup</c> installs it.</summary>
    public static bool IsInstalled => Binaries() is not null;

    /// <summary>The server's process id, while it runs. Each connection has a child process.</summary>
    public int ProcessId => _process!.Id;

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "output.log");

    /// <summary>Returns a connection string.</summary>
    /// <param name="schema">Schema that isolates the tables of one user; created on the first connection.</param>
    public string ConnectionString(string schema = "public") =>
        $"Host=127.0.0.1;Port={_port};Database=postgres;Username={User};Search Path={schema};Maximum Pool Size=20"
        + (_authority is null ? "" : $";SSL Mode=VerifyFull;Root Certificate={_authority.File};SSL Certificate={_authority.Client.Certificate};SSL Key={_authority.Client.Key}");

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
            if (_authority is not null)
            {
                await AddCertificatesAsync(_authority, cancellationToken);
            }
        }

        string[] tls = _authority is null ? [] : ["-c", "ssl=on", "-c", "ssl_cert_file=server.pem", "-c", "ssl_key_file=server.key", "-c", "ssl_ca_file=ca.pem"];
        string[] settings = ["-D", Data, "-p", $"{_port}", "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200", .. tls];
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

    /// <summary>Copies the certificates to where the server's user can read them, and refuses connections without TLS.</summary>
    private async Task AddCertificatesAsync(CertificateAuthority authority, CancellationToken cancellationToken)
    {
        var (certificate, key) = authority.IssueServer("postgresql");
        foreach (var (from, to) in new[] { (authority.File, "ca.pem"), (certificate, "server.pem"), (key, "server.key") })
        {
            File.Copy(from, Path.Combine(Data, to));
        }

        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n", cancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["-R", "postgres:", Data]);
        }
    }

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

    private ChildProcess Start(string program, IEnumerable<string> arguments, bool asServer)
    {
        // A change of the user clears the tie to this process, so that setpriv must set it again.
        string[] user = ["--reuid=postgres", "--regid=postgres", "--clear-groups", TiedProcess.Argument, "--"];
        return asServer && Environment.IsPrivilegedProcess
            ? ChildProcess.Start("setpriv", [.. user, program, .. arguments], [], Log)
            : ChildProcess.Start(program, arguments, [], Log);
    }

    private async Task<bool> RunAsync(string program, IEnumerable<string> arguments, bool asServer = false, bool mayFail = false)
    {
        await using var process = Start(program, arguments, asServer);
        await process.ExitAsync(StartTimeout, _time);
        return process.ExitCode == 0 || mayFail
            ? process.ExitCode == 0
            : throw new InvalidOperationException($"{program} failed; see {Log}.");
    }
}
