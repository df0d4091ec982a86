using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// This process's connection to the broker.
/// Connects again for ever; whoever publishes meanwhile waits.
/// </summary>
internal sealed partial class BrokerLink(BrokerOptions options, BrokerTopology topology, TimeProvider time, ILogger<BrokerLink> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<BrokerReader> _readers = [];
    private BrokerConnection? _reading;
    private volatile BrokerConnection? _open;
    private volatile TaskCompletionSource<BrokerConnection> _connected = New();

    /// <summary>Whether the broker is connected and takes messages; it does not when it is short of memory or disk.</summary>
    public bool IsOpen => _open is { IsBlocked: false, Lost.IsCancellationRequested: false };

    /// <summary>Allows the first connection, once the ensembles are known that the topology is made from, and waits for it.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _allowed.TrySetResult();
        await _connected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Publishes a message; the broker has it when the task ends. Waits while the broker is away, and retries.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; the broker may have the message all the same.</param>
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
            catch (Exception exception) when (BrokerConnection.IsAway(exception))
            {
                LogNotPublished(exception, message.Exchange, message.RoutingKey);
                PipelineMetrics.Republished();
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>Publishes a message that may be lost, without waiting for a confirm.</summary>
    /// <exception cref="Exception">The broker is away; see <see cref="BrokerConnection.IsAway"/>.</exception>
    public async Task PublishTransientAsync(BrokerMessage message, CancellationToken cancellationToken)
    {
        var connection = await _connected.Task.WaitAsync(cancellationToken);
        await connection.PublishTransientAsync(message, cancellationToken);
    }

    /// <summary>Reads a queue now and after every new connection.</summary>
    /// <param name="subscription">What to read.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    /// <returns>For <see cref="StopServingAsync"/>.</returns>
    public async Task<BrokerReader> ServeAsync(BrokerSubscription subscription, CancellationToken cancellationToken)
    {
        var reader = new BrokerReader(subscription, logger);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _readers.Add(reader);
            if (_reading is { Lost.IsCancellationRequested: false } connection)
            {
                await reader.StartAsync(connection, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next connection begins with it.
            LogAway(exception, options.Host, options.Port);
            _reading!.End();
        }
        finally
        {
            _changing.Release();
        }

        return reader;
    }

    /// <summary>Reads a queue no more, and waits until what was read is handled.</summary>
    /// <exception cref="OperationCanceledException">Something was unfinished.</exception>
    public async Task StopServingAsync(BrokerReader reader, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _readers.Remove(reader);
        }
        finally
        {
            _changing.Release();
        }

        await reader.StopAsync(cancellationToken);
    }

    /// <summary>Declares, looks or deletes on a channel of its own, which a refusal by the broker closes.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    /// <exception cref="Exception">The broker refused or went away; see <see cref="BrokerConnection.IsAway"/>.</exception>
    public async Task<T> AdministerAsync<T>(Func<IChannel, Task<T>> action, CancellationToken cancellationToken)
    {
        var connection = await _connected.Task.WaitAsync(cancellationToken);
        return await connection.AdministerAsync(action, cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _changing.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _allowed.Task.WaitAsync(stoppingToken);
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
            ClientProvidedName = "multimodal",
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StayConnectedAsync(factory, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A call that takes the client too long is cancelled by itself.
                LogAway(exception, options.Host, options.Port);
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task StayConnectedAsync(ConnectionFactory factory, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(factory, topology, time, cancellationToken);
        try
        {
            await ReadAsync(connection, cancellationToken);
            _open = connection;
            _connected.TrySetResult(connection);
            LogConnected(options.Host, options.Port);
            PipelineMetrics.Connected();
            await connection.Over.WaitAsync(cancellationToken);
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

    private async Task ReadAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _reading = connection;
            foreach (var reader in _readers)
            {
                await reader.StartAsync(connection, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private BrokerMessage WithExpiration(BrokerMessage message)
    {
        if (message.Deadline is not { } deadline)
        {
            return message;
        }

        var left = Math.Max(1, (long)(deadline - time.GetUtcNow()).TotalMilliseconds);
        return message with { Properties = new BasicProperties(message.Properties) { Expiration = left.ToString(CultureInfo.InvariantCulture) } };
    }

    private static TaskCompletionSource<BrokerConnection> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker at {Host}:{Port}.")]
    private partial void LogConnected(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host}:{Port} is gone; it is tried again.")]
    private partial void LogLost(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host}:{Port} cannot be used; it is tried again.")]
    private partial void LogAway(Exception exception, string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message for {Exchange}/{RoutingKey} was not confirmed; it is sent again.")]
    private partial void LogNotPublished(Exception exception, string exchange, string routingKey);
}
