using System.Globalization;
using System.Net.Sockets;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>
/// The port mapper of Erlang nodes (epmd) as a child process, on the loopback interface. A node that starts epmd itself leaves it running, because
/// epmd becomes a daemon; <c>epmd -kill</c> is refused while it lists a node.
/// </summary>
internal sealed class EpmdProcess : IAsyncDisposable
{
    private const string Program = "epmd";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private ChildProcess? _process;

    /// <param name="folder">Its home folder, with its log.</param>
    /// <param name="time">The clock.</param>
    public EpmdProcess(string folder, TimeProvider time) => (_folder, _time) = (folder, time);

    /// <summary>The port; the same after a restart.</summary>
    public int Port { get; } = Ports.Free();

    private string Log => Path.Combine(_folder, "epmd.log");

    /// <summary>Starts epmd if it does not run, and waits until it accepts connections.</summary>
    /// <exception cref="InvalidOperationException">It exited or timed out.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false })
        {
            return;
        }

        await DisposeAsync();
        string[] arguments = ["-port", Port.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"];
        _process = ChildProcess.Start(Program, arguments, [new("HOME", _folder)], Log);
        var start = _time.GetTimestamp();
        while (!await IsUpAsync(cancellationToken))
        {
            if (_process.HasExited || _time.GetElapsedTime(start) > StartTimeout)
            {
                throw new InvalidOperationException($"epmd did not start; see {Log}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
