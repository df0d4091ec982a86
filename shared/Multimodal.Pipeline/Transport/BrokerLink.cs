using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Transport;

/// <summary>
/// This process's connection to the broker.
/// Connects again for ever; whoever publishes meanwhile waits.
/// </summary>
internal sealed partial class BrokerLink(BrokerOptions options, BrokerTopology topology, TimeProvider time, ILogger<BrokerLink> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<BrokerReader> _readers = [];
    private volatile TaskCompletionSource<Publishers> _publishers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Connected? _connected;
    private volatile bool _isBlocked;

    /// <summary>Whether the broker is connected and takes messages; it does not when it is short of memory or disk.</summary>
    public bool IsOpen => _publishers.Task.IsCompletedSuccessfully && !_isBlocked;

    /// <summary>Allows the first connection, once the ensembles are known that the topology is made from, and waits for it.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _allowed.TrySetResult();
        await _publishers.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Whether the broker could not be reached, or the connection broke.</summary>
    public static bool IsAway(Exception exception) => exception is RabbitMQClientException or ObjectDisposedException or IOException;

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
            var publishers = await _publishers.Task.WaitAsync(cancellationToken);
            try
            {
                await publishers.Confirmed.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, body, cancellationToken);
                return;
            }
            catch (Exception exception) when (IsAway(exception))
            {
                LogNotPublished(exception, exchange, routingKey);
                PipelineMetrics.Republished();
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Publishes a message that may get lost: it is on its way when the task ends, before whatever this process sends or acknowledges after that.</summary>
    /// <exception cref="Exception">The broker is away; see <see cref="IsAway"/>.</exception>
    public async Task PublishTransientAsync(
        string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var publishers = await _publishers.Task.WaitAsync(cancellationToken);
        await publishers.Transient.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, body, cancellationToken);
    }

    /// <summary>Reads a queue now and after every new connection.</summary>
    /// <param name="subscription">What to read.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    /// <returns>For <see cref="StopServingAsync"/>.</returns>
    public async Task<BrokerReader> ServeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var reader = new BrokerReader(subscription);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _readers.Add(reader);
            if (_connected is { Connection.IsOpen: true } connected)
            {
                await ReadAsync(connected, reader, cancellationToken);
            }
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
    /// <exception cref="RabbitMQClientException">The broker refused or went away.</exception>
    public async Task<T> AdministerAsync<T>(Func<IChannel, Task<T>> action, CancellationToken cancellationToken)
    {
        await _publishers.Task.WaitAsync(cancellationToken);
        await using var channel = await _connected!.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
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
        var confirmed = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var transient = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        confirmed.ChannelShutdownAsync += (_, _) => Done(() => over.TrySetResult());
        transient.ChannelShutdownAsync += (_, _) => Done(() => over.TrySetResult());
        using var lost = new CancellationTokenSource();
        try
        {
            await ReadAsync(new Connected(connection, over, lost.Token), cancellationToken);
            _isBlocked = false;
            _publishers.TrySetResult(new Publishers(confirmed, transient));
            LogConnected(options.Host, options.Port);
            PipelineMetrics.Connected();
            await over.Task.WaitAsync(cancellationToken);
            LogLost(options.Host, options.Port);
        }
        finally
        {
            if (_publishers.Task.IsCompleted)
            {
                _publishers = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await lost.CancelAsync();
        }
    }

    private async Task ReadAsync(Connected connected, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _connected = connected;
            foreach (var reader in _readers)
            {
                await ReadAsync(connected, reader, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task ReadAsync(Connected connected, BrokerReader reader, CancellationToken cancellationToken)
    {
        var channel = await connected.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        channel.ChannelShutdownAsync += (_, _) => Done(() => connected.Over.TrySetResult());
        await reader.StartAsync(channel, connected.Lost, cancellationToken);
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
    /// <param name="HandleAsync">Handles one message, until its token says that the message is lost to this process; never throws.</param>
    internal sealed record Subscription(
        string Queue,
        ushort Prefetch,
        Func<IChannel, CancellationToken, Task> DeclareAsync,
        Func<IReadOnlyBasicProperties, byte[], CancellationToken, Task<Handled>> HandleAsync);

    /// <param name="Connection">The connection.</param>
    /// <param name="Over">To be set when it, or a channel of it, has ended.</param>
    /// <param name="Lost">Cancelled after that.</param>
    private sealed record Connected(IConnection Connection, TaskCompletionSource Over, CancellationToken Lost);

    private sealed record Publishers(IChannel Confirmed, IChannel Transient);
}

/// <summary>What became of a message.</summary>
internal enum Handled
{
    /// <summary>It is acknowledged.</summary>
    Done,

    /// <summary>Nobody can handle it: it goes to the dead letters.</summary>
    DeadLetter,

    /// <summary>It goes back to the queue, for another try; the queue's delivery limit ends it.</summary>
    Back,

    /// <summary>This process stops; the broker delivers it to another.</summary>
    Leave,
}
