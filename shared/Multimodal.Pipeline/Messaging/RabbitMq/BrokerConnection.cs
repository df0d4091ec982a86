using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// The two connections of this process to the broker, until one of them or of their channels ends: one publishes, the other consumes. A broker
/// that is low on memory or disk space stops reading from connections that publish, but acknowledgements must still reach it. Waits on the client
/// library end with the connection, because a publish whose write is stuck holds a lock in the client forever, and other calls and the shutdown of
/// the channel wait for that lock (upstream issue 1930).
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly IConnection _publishing;
    private readonly IConnection _consuming;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly TimeProvider _time;
    private ConfirmedPublisher? _confirmed;
    private IChannel? _transient;
    private volatile bool _isBlocked;

    private BrokerConnection(IConnection publishing, IConnection consuming, TimeProvider time)
    {
        (_publishing, _consuming, _time, Lost) = (publishing, consuming, time, _lost.Token);
        publishing.ConnectionShutdownAsync += (_, _) => Run(End);
        consuming.ConnectionShutdownAsync += (_, _) => Run(End);
        publishing.ConnectionBlockedAsync += (_, _) => Run(() => _isBlocked = true);
        publishing.ConnectionUnblockedAsync += (_, _) => Run(() => _isBlocked = false);
    }

    /// <summary>Called with each mandatory message that no queue took.</summary>
    public Action<BasicReturnEventArgs>? Returned { get; set; }

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
        var opened = await ConnectAsync(factory, time, cancellationToken);
        try
        {
            await using (var channel = await opened.OpenChannelAsync(cancellationToken))
            {
                await topology.DeclareAsync(channel, cancellationToken);
            }

            // Each publish waits only for its own confirm, so a slow flush on the broker does not delay other publishes.
            opened._confirmed = new ConfirmedPublisher(opened.Watch(await opened._publishing.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken)));
            opened._transient = opened.Watch(await opened._publishing.CreateChannelAsync(cancellationToken: cancellationToken));
            opened._transient.BasicReturnAsync += (_, returned) => Run(() => opened.Returned?.Invoke(returned));
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

    /// <summary>Opens a channel for consumers, declarations and queries. The broker closes it if it refuses one.</summary>
    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) => _consuming.CreateChannelAsync(cancellationToken: cancellationToken);

    /// <summary>Ends the connection when the channel shuts down.</summary>
    public IChannel Watch(IChannel channel)
    {
        channel.ChannelShutdownAsync += (_, _) => Run(End);
        return channel;
    }

    /// <summary>Publishes a message. The task completes when the broker has confirmed it.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>; the broker may still have stored the message.</exception>
    public Task PublishAsync(BrokerMessage message, CancellationToken cancellationToken) =>
        AwaitAsync(new ValueTask(_confirmed!.PublishAsync(message)), cancellationToken);

    /// <summary>Publishes a message that may be lost.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>.</exception>
    public Task PublishTransientAsync(BrokerMessage message, CancellationToken cancellationToken) => AwaitAsync(
        _transient!.BasicPublishAsync(message.Exchange, message.RoutingKey, message.IsMandatory, message.Properties, message.Body, CancellationToken.None), cancellationToken);

    /// <summary>Awaits an operation on a channel, until the connection ends.</summary>
    /// <exception cref="Exception">See <see cref="IsConnectionFailure"/>; the connection is then marked as ended.</exception>
    public async Task AwaitAsync(ValueTask operation, CancellationToken cancellationToken)
    {
        try
        {
            if (operation.IsCompletedSuccessfully)
            {
                await operation;
                return;
            }

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

    /// <summary>Closes the connections, or abandons them after a timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        // The token source is not disposed, because other code may still use the token or end the connection again.
        End();
        var closing = Task.WhenAll(_publishing.DisposeAsync().AsTask(), _consuming.DisposeAsync().AsTask());
        try
        {
            await closing.WaitAsync(TimeSpan.FromSeconds(3), _time);
        }
        catch (Exception)
        {
            // The next connection does not depend on this one being closed.
            Observe(closing);
        }

        _confirmed?.Dispose();
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

            if (!cancellationToken.CanBeCanceled)
            {
                await task.WaitAsync(Lost);
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

    private static async Task<BrokerConnection> ConnectAsync(ConnectionFactory factory, TimeProvider time, CancellationToken cancellationToken)
    {
        var publishing = await factory.CreateConnectionAsync("multimodal, publishing", cancellationToken);
        try
        {
            return new BrokerConnection(publishing, await factory.CreateConnectionAsync("multimodal, consuming", cancellationToken), time);
        }
        catch
        {
            await publishing.DisposeAsync();
            throw;
        }
    }

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
