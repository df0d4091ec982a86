using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>This process's link to the broker, over two connections. Reconnects until the process ends; publishing waits while disconnected.</summary>
internal sealed partial class BrokerLink(BrokerOptions options, BrokerTopology topology, TimeProvider time, ILogger<BrokerLink> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly TaskCompletionSource _openCalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _readersLock = new(1);
    private readonly List<BrokerReader> _readers = [];
    private SslOption _tls = new();
    private BrokerConnection? _readersConnection;
    private volatile BrokerConnection? _open;
    private volatile TaskCompletionSource<BrokerConnection> _connected = New();

    /// <summary>Whether the broker is connected and accepts messages. It accepts none while it is low on memory or disk space.</summary>
    public bool IsOpen => _open is { IsBlocked: false, Lost.IsCancellationRequested: false };

    /// <summary>
    /// Starts connecting and waits for the first connection. The ensembles must be loaded, because the queues are named after their
    /// experts.
    /// </summary>
    /// <exception cref="InvalidOperationException">A file of the TLS settings cannot be used.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _tls = BrokerTls.OptionFor(options);
        _openCalled.TrySetResult();
        await _connected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Publishes a message. Waits while the broker is unreachable, and retries until the broker confirms the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Stops waiting; the broker may still have stored the message.</param>
    public async Task PublishAsync(BrokerMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = await _connected.Task.WaitAsync(cancellationToken);
            try
            {
                await connection.PublishAsync(WithExpiration(message), cancellationToken);
                return;
            }
            catch (Exception exception) when (BrokerConnection.IsConnectionFailure(exception))
            {
                LogNotPublished(exception, message.Exchange, message.RoutingKey);
                PipelineMetrics.Republished();
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Publishes a message that may be lost, without waiting for a confirm. If no queue takes a mandatory message for a live queue of an expert, it is
    /// published to the expert's durable queue.
    /// </summary>
    /// <exception cref="Exception">The broker is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.</exception>
    public async Task PublishTransientAsync(BrokerMessage message, CancellationToken cancellationToken)
    {
        var connection = await _connected.Task.WaitAsync(cancellationToken);
        await connection.PublishTransientAsync(message, cancellationToken);
    }

    /// <summary>Consumes a queue, and resumes after every reconnect.</summary>
    /// <param name="subscription">The queue and its handler.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    /// <returns>The reader, to pass to <see cref="StopServingAsync"/>.</returns>
    public async Task<BrokerReader> ServeAsync(BrokerSubscription subscription, CancellationToken cancellationToken)
    {
        var reader = new BrokerReader(subscription, logger);
        await _readersLock.WaitAsync(cancellationToken);
        try
        {
            _readers.Add(reader);
            if (_readersConnection is { Lost.IsCancellationRequested: false } connection)
            {
                await reader.StartAsync(connection, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next connection starts the reader.
            LogUnusable(exception, options.Host, options.Port);
            _readersConnection!.End();
        }
        finally
        {
            _readersLock.Release();
        }

        return reader;
    }

    /// <summary>Stops consuming a queue and waits for the messages in progress.</summary>
    /// <exception cref="OperationCanceledException">Messages are still in progress.</exception>
    public async Task StopServingAsync(BrokerReader reader, CancellationToken cancellationToken)
    {
        await _readersLock.WaitAsync(cancellationToken);
        try
        {
            _readers.Remove(reader);
        }
        finally
        {
            _readersLock.Release();
        }

        await reader.StopAsync(cancellationToken);
    }

    /// <summary>
    /// Runs a declaration, query or deletion on a separate channel, because the broker closes the channel if it refuses the operation.
    /// </summary>
    /// <param name="action">The operation.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    /// <exception cref="Exception">
    /// The broker refused the operation or is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.
    /// </exception>
    public async Task<T> AdministerAsync<T>(Func<IChannel, Task<T>> action, CancellationToken cancellationToken)
    {
        var connection = await _connected.Task.WaitAsync(cancellationToken);
        return await connection.AdministerAsync(action, cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _readersLock.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _openCalled.Task.WaitAsync(stoppingToken);
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.Port,
            UserName = options.User,
            Password = options.Password,
            VirtualHost = options.VirtualHost,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            Ssl = _tls,
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StayConnectedAsync(factory, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && BrokerTls.ReasonOf(exception) is { } reason)
            {
                LogTlsFailed(options.Host, options.Port, reason);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Includes cancellation: the client cancels a call on its own timeout.
                LogUnusable(exception, options.Host, options.Port);
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    /// <summary>Opens one connection, starts the readers and waits until the connection ends.</summary>
    private async Task StayConnectedAsync(ConnectionFactory factory, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(factory, topology, time, cancellationToken);
        connection.Returned = returned => _ = MoveAsync(returned.RoutingKey, new BasicProperties(returned.BasicProperties), returned.Body.ToArray(), connection.Lost);
        try
        {
            await StartReadersAsync(connection, cancellationToken);
            _open = connection;
            _connected.TrySetResult(connection);
            LogConnected(options.Host, options.Port);
            PipelineMetrics.Connected();
            await connection.Ended.WaitAsync(cancellationToken);
            LogLost(options.Host, options.Port);
        }
        finally
        {
            _open = null;
            if (_connected.Task.IsCompleted)
            {
                _connected = New();
            }
        }
    }

    private async Task StartReadersAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        await _readersLock.WaitAsync(cancellationToken);
        try
        {
            _readersConnection = connection;
            foreach (var reader in _readers)
            {
                await reader.StartAsync(connection, cancellationToken);
            }
        }
        finally
        {
            _readersLock.Release();
        }
    }

    /// <summary>Publishes a message for a live queue that does not exist to the expert's durable queue.</summary>
    private async Task MoveAsync(string live, BasicProperties properties, byte[] body, CancellationToken cancellationToken)
    {
        properties.DeliveryMode = DeliveryModes.Persistent;
        try
        {
            await PublishAsync(BrokerMessage.To(Topology.DurableQueueOf(live), properties, body), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The connection ended, so the combiner gets its request again and asks again.
        }
    }

    private BrokerMessage WithExpiration(BrokerMessage message)
    {
        if (message.Deadline is not { } deadline)
        {
            return message;
        }

        var remaining = Math.Max(1, (long)(deadline - time.GetUtcNow()).TotalMilliseconds);
        return message with { Properties = new BasicProperties(message.Properties) { Expiration = remaining.ToString(CultureInfo.InvariantCulture) } };
    }

    private static TaskCompletionSource<BrokerConnection> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker at {Host}:{Port}.")]
    private partial void LogConnected(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the broker at {Host}:{Port} ended; reconnecting.")]
    private partial void LogLost(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host}:{Port} cannot be used; reconnecting.")]
    private partial void LogUnusable(Exception exception, string host, int port);

    [LoggerMessage(Level = LogLevel.Error, Message = "The TLS connection to the broker at {Host}:{Port} failed; reconnecting. {Reason}")]
    private partial void LogTlsFailed(string host, int port, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker did not confirm a message for {Exchange}/{RoutingKey}; publishing it again.")]
    private partial void LogNotPublished(Exception exception, string exchange, string routingKey);
}
