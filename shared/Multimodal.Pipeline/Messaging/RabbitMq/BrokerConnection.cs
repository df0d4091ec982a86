using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// One connection to the broker, until it or one of its channels ends. Waits on the client library end with the connection, because a publish
/// whose write is stuck holds a lock in the client forever, and other calls and the shutdown of the channel wait for that lock (upstream issue 1930).
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly TimeProvider _time;
    private IChannel? _confirmed;
    private IChannel? _transient;
    private volatile bool _isBlocked;

    private BrokerConnection(IConnection connection, TimeProvider time)
    {
        (_connection, _time, Lost) = (connection, time, _lost.Token);
        connection.ConnectionShutdownAsync += (_, _) => Run(End);
        connection.ConnectionBlockedAsync += (_, _) => Run(() => _isBlocked = true);
        connection.ConnectionUnblockedAsync += (_, _) => Run(() => _isBlocked = false);
    }

    /// <summary>Completes when the connection ends.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether the broker blocks publishing, because it is low on memory or disk space.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>
    /// Whether an exception means that the broker is unreachable or the connection failed. The client also throws exceptions of the runtime
    /// for this.
    /// </summary>
    public static bool IsConnectionFailure(Exception exception) => exception is RabbitMQClientException or InvalidOperationException or IOException;

    /// <summary>Connects, and declares the durable queues and exchanges.</summary>
    public static async Task<BrokerConnection> OpenAsync(
        ConnectionFactory factory, BrokerTopology topology, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = new BrokerConnection(await factory.CreateConnectionAsync(cancellationToken), time);
        try
        {
            await using (var channel = await opened.OpenChannelAsync(cancellationToken))
            {
                await topology.DeclareAsync(channel, cancellationToken);
            }

            // Each publish waits only for its own confirm, so a slow flush on the broker does not delay other publishes.
            opened._confirmed = opened.Watch(await opened._connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken));
            opened._transient = opened.Watch(await opened.OpenChannelAsync(cancellationToken));
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Marks the connection as ended.</summary>
    public void End()
    {
        _ended.TrySetResult();
        _ = _lost.CancelAsync();
    }

    /// <summary>Opens a channel for declarations and queries. The broker closes it if it refuses one.</summary>
    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) => _connection.CreateChannelAsync(cancellationToken: cancellationToken);

    /// <summary>Ends the connection when the channel shuts down.</summary>
    public IChannel Watch(IChannel channel)
    {
        channel.ChannelShutdownAsync += (_, _) => Run(End);
        return channel;
    }

    /// <summary>Publishes a message. The task completes when the broker has confirmed it.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>; the broker may still have stored the message.</exception>
    public Task PublishAsync(BrokerMessage message, CancellationToken cancellationToken) => PublishAsync(_confirmed!, message, cancellationToken);

    /// <summary>Publishes a message that may be lost.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>.</exception>
    public Task PublishTransientAsync(BrokerMessage message, CancellationToken cancellationToken) => PublishAsync(_transient!, message, cancellationToken);

    /// <summary>Awaits an operation on a channel, until the connection ends.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>; the connection is then marked as ended.</exception>
    public async Task AwaitAsync(ValueTask operation, CancellationToken cancellationToken)
    {
        try
        {
            await UntilLostAsync(operation.AsTask(), cancellationToken);
        }
        catch (Exception exception) when (IsConnectionFailure(exception) && exception is not PublishException)
        {
            // The channel may be unusable. Reconnecting replaces it.
            End();
            throw;
        }
    }

    /// <summary>
    /// Runs a declaration, query or deletion on a separate channel, because the broker closes the channel if it refuses the operation.
    /// </summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>.</exception>
    public async Task<T> AdministerAsync<T>(Func<IChannel, Task<T>> action, CancellationToken cancellationToken)
    {
        var administered = AdministerAsync();
        await UntilLostAsync(administered, cancellationToken);
        return await administered;

        async Task<T> AdministerAsync()
        {
            await using var channel = await OpenChannelAsync(cancellationToken);
            return await action(channel);
        }
    }

    /// <summary>Closes the connection, or abandons it after a timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        // The token source is not disposed, because other code may still use the token or end the connection again.
        End();
        var closing = _connection.DisposeAsync().AsTask();
        try
        {
            await closing.WaitAsync(TimeSpan.FromSeconds(3), _time);
        }
        catch (Exception)
        {
            // The next connection does not depend on this one being closed.
            Observe(closing);
        }
    }

    /// <summary>
    /// Awaits a task of the client until the connection ends or the caller cancels. The client itself gets no token, because a cancelled
    /// publish may break its count of confirms on a healthy channel (upstream issue 1900).
    /// </summary>
    private async Task UntilLostAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            if (task.IsCompleted)
            {
                await task;
                return;
            }

            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
            await task.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException exception)
        {
            Observe(task);
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("The connection to the broker ended before the broker answered.", exception);
        }
    }

    /// <summary>Prevents an abandoned task from raising an unobserved exception.</summary>
    private static void Observe(Task task) =>
        task.ContinueWith(abandoned => abandoned.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private Task PublishAsync(IChannel channel, BrokerMessage message, CancellationToken cancellationToken) => AwaitAsync(
        channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: false, message.Properties, message.Body, CancellationToken.None), cancellationToken);

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
