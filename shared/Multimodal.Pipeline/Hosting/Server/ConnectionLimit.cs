using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting.Server;

/// <summary>
/// Limits open connections in total and per address (<see cref="ClientNetwork"/>), and closes new ones beyond the limits.
/// </summary>
internal sealed partial class ConnectionLimit
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();
    private readonly int _max;
    private readonly int _maxPerAddress;
    private readonly ILogger<ConnectionLimit> _logger;
    private int _total;
    private int _isFull;

    /// <param name="options">The configured limits.</param>
    /// <param name="files">The limit of open files.</param>
    /// <param name="logger">The logger.</param>
    public ConnectionLimit(HttpOptions options, OpenFiles files, ILogger<ConnectionLimit> logger)
    {
        _logger = logger;
        _max = files.MaxConnections(options.MaxConnections);
        _maxPerAddress = options.MaxConnectionsPerAddress > 0 ? options.MaxConnectionsPerAddress : Math.Max(1, _max / 2);
        if (files.Limit < OpenFiles.Recommended)
        {
            LogFewFiles(files.Limit.Value, _max, OpenFiles.Recommended);
        }
    }

    /// <summary>The number of open connections.</summary>
    public int Open => Volatile.Read(ref _total);

    /// <summary>Serves a connection, or closes it if a limit is reached.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = ClientNetwork.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        var isWithin = Interlocked.Increment(ref _total) <= _max;
        if (isWithin && _open.AddOrUpdate(address, 1, (_, count) => count + 1) <= _maxPerAddress)
        {
            Interlocked.Exchange(ref _isFull, 0);
            try
            {
                await next(connection);
            }
            finally
            {
                Leave(address);
            }

            return;
        }

        if (isWithin)
        {
            Leave(address);
        }
        else
        {
            Interlocked.Decrement(ref _total);
        }

        PipelineMetrics.ConnectionRefused(isWithin);
        if (Interlocked.Exchange(ref _isFull, 1) == 0)
        {
            LogFull(Open, _max, _maxPerAddress);
        }

        connection.Abort();
    }

    private void Leave(IPAddress address)
    {
        Interlocked.Decrement(ref _total);
        if (_open.AddOrUpdate(address, 0, (_, count) => count - 1) == 0)
        {
            _open.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operating system allows this process {Files} open files, so it accepts at most {Connections} connections. For more, raise the limit to {Recommended} (ulimit -n, LimitNOFILE in systemd).")]
    private partial void LogFewFiles(int files, int connections, int recommended);

    [LoggerMessage(Level = LogLevel.Warning, Message = "New connections are closed because a limit is reached: {Open} of {Max} connections are open, at most {PerAddress} of them from one address (Multimodal:Http:MaxConnections, MaxConnectionsPerAddress).")]
    private partial void LogFull(int open, int max, int perAddress);
}
