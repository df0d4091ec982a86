using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Transport;

/// <summary>
/// This process's own connection to the broker, for what is no MassTransit message: the topology, results in plain JSON, heartbeats.
/// Connects again for ever; whoever publishes meanwhile waits.
/// </summary>
internal sealed partial class BrokerLink(BrokerOptions options, BrokerTopology topology, TimeProvider time, ILogger<BrokerLink> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<Subscription> _subscriptions = [];
    private volatile TaskCompletionSource<IChannel> _publisher = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _connection;
    private volatile bool _isBlocked;

    /// <summary>Whether the broker is connected and takes messages; it does not when it is short of memory or disk.</summary>
    public bool IsOpen => _publisher.Task.IsCompletedSuccessfully && !_isBlocked;

    /// <summary>Allows the first connection, once the ensembles are known that the topology is made from, and waits for it.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _allowed.TrySetResult();
        await _publisher.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Publishes a message; the broker has it when the task ends. Waits for the broker while it is away, and tries again.</summary>
    /// <param name="exchange">The exchange; empty to address a queue.</param>
    /// <param name="routingKey">The routing key, or the queue's name.</param>
    /// <param name="properties">Type, id and the like.</param>
    /// <param name="body">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PublishAsync(
        string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var channel = await _publisher.Task.WaitAsync(cancellationToken);
            try
            {
                await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, body, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is RabbitMQClientException or ObjectDisposedException or IOException)
            {
                LogNotPublished(exception, exchange, routingKey);
                PipelineMetrics.Republished();
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Reads a queue now and after every new connection.</summary>
    /// <param name="subscription">What to read.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public async Task ServeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _subscriptions.Add(subscription);
            if (_connection is { IsOpen: true } connection)
            {
                await ConsumeAsync(connection, subscription, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Declares, looks or deletes on a channel of its own, which a refusal by the broker closes.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    /// <exception cref="RabbitMQClientException">The broker refused or went away.</exception>
    public async Task<T> AdministerAsync<T>(Func<IChannel, Task<T>> action, CancellationToken cancellationToken)
    {
        await _publisher.Task.WaitAsync(cancellationToken);
        await using var channel = await _connection!.CreateChannelAsync(cancellationToken: cancellationToken);
        return await action(channel);
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
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogAway(exception, options.Host, options.Port);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task StayConnectedAsync(ConnectionFactory factory, CancellationToken cancellationToken)
    {
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) => Done(() => over.TrySetResult());
        connection.ConnectionBlockedAsync += (_, _) => Done(() => _isBlocked = true);
        connection.ConnectionUnblockedAsync += (_, _) => Done(() => _isBlocked = false);
        await using (var declaring = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
        {
            await topology.DeclareAsync(declaring, cancellationToken);
        }

        // Confirms are awaited per message and are many at a time, so one slow flush on the broker delays nobody's publish.
        var publisher = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        publisher.ChannelShutdownAsync += (_, _) => Done(() => over.TrySetResult());
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _connection = connection;
            foreach (var subscription in _subscriptions)
            {
                await ConsumeAsync(connection, subscription, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }

        _isBlocked = false;
        _publisher.TrySetResult(publisher);
        LogConnected(options.Host, options.Port);
        PipelineMetrics.Connected();
        try
        {
            await over.Task.WaitAsync(cancellationToken);
            LogLost(options.Host, options.Port);
        }
        finally
        {
            _publisher = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task ConsumeAsync(IConnection connection, Subscription subscription, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await subscription.DeclareAsync(channel, cancellationToken);
        await channel.BasicQosAsync(0, subscription.Prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The prefetch bounds how many run at once. The client reuses the body's memory when this returns.
            _ = HandleAsync(channel, subscription, delivery, delivery.Body.ToArray());
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(subscription.Queue, autoAck: false, consumer, cancellationToken);
    }

    private static async Task HandleAsync(IChannel channel, Subscription subscription, BasicDeliverEventArgs delivery, byte[] body)
    {
        var outcome = await subscription.HandleAsync(delivery.BasicProperties, body);
        try
        {
            await (outcome switch
            {
                Handled.Done => channel.BasicAckAsync(delivery.DeliveryTag, multiple: false),
                Handled.DeadLetter => channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false),
                _ => ValueTask.CompletedTask,
            });
        }
        catch (Exception exception) when (exception is RabbitMQClientException or ObjectDisposedException or IOException)
        {
            // The connection is gone; the broker delivers the message again.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker at {Host}:{Port}.")]
    private partial void LogConnected(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host}:{Port} is gone; it is tried again.")]
    private partial void LogLost(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host}:{Port} cannot be used; it is tried again.")]
    private partial void LogAway(Exception exception, string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message for {Exchange}/{RoutingKey} was not confirmed; it is sent again.")]
    private partial void LogNotPublished(Exception exception, string exchange, string routingKey);

    /// <summary>A queue to read.</summary>
    /// <param name="Queue">Its name.</param>
    /// <param name="Prefetch">The most messages handled at once.</param>
    /// <param name="DeclareAsync">Declares and binds it.</param>
    /// <param name="HandleAsync">
    /// Handles one message; never throws.
    /// </param>
    internal sealed record Subscription(
        string Queue,
        ushort Prefetch,
        Func<IChannel, CancellationToken, Task> DeclareAsync,
        Func<IReadOnlyBasicProperties, byte[], Task<Handled>> HandleAsync);
}

/// <summary>What became of a message.</summary>
internal enum Handled
{
    /// <summary>It is acknowledged.</summary>
    Done,

    /// <summary>Nobody can handle it: it goes to the dead letters.</summary>
    DeadLetter,

    /// <summary>This process stops; the broker delivers it to another.</summary>
    Leave,
}
