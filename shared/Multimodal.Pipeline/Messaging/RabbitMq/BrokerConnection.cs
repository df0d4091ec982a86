using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// One connection to the broker, until it or a channel of it has ended. Whoever awaits the client beyond that end is let go: in the client a publish
/// whose write is stuck holds a lock, for ever, that all others and the end of the channel wait for (upstream issue 1930).
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly TimeProvider _time;
    private IChannel? _confirmed;
    private IChannel? _transient;
    private volatile bool _isBlocked;

    private BrokerConnection(IConnection connection, TimeProvider time)
    {
        (_connection, _time, Lost) = (connection, time, _lost.Token);
        connection.ConnectionShutdownAsync += (_, _) => Done(End);
        connection.ConnectionBlockedAsync += (_, _) => Done(() => _isBlocked = true);
        connection.ConnectionUnblockedAsync += (_, _) => Done(() => _isBlocked = false);
    }

    /// <summary>Ends with the connection.</summary>
    public Task Over => _over.Task;

    /// <summary>Cancelled as soon as the connection is known to be over.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether the broker takes nothing for now, because it is short of memory or disk.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>Whether the broker could not be reached, or the connection broke. Some of the client's exceptions are no exceptions of its own.</summary>
    public static bool IsAway(Exception exception) => exception is RabbitMQClientException or InvalidOperationException or IOException;

    /// <summary>Connects and declares everything.</summary>
    public static async Task<BrokerConnection> OpenAsync(
        ConnectionFactory factory, BrokerTopology topology, TimeProvider time, CancellationToken cancellationToken)
    {
        var made = new BrokerConnection(await factory.CreateConnectionAsync(cancellationToken), time);
        try
        {
            await using (var declaring = await made.OpenChannelAsync(cancellationToken))
            {
                await topology.DeclareAsync(declaring, cancellationToken);
            }

            // Confirms are awaited per message and are many at a time, so one slow flush on the broker delays nobody's publish.
            made._confirmed = made.Watch(await made._connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken));
            made._transient = made.Watch(await made.OpenChannelAsync(cancellationToken));
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says that it is of no use any more.</summary>
    public void End()
    {
        _over.TrySetResult();
        _ = _lost.CancelAsync();
    }

    /// <summary>A channel to declare or look on, which a refusal by the broker closes.</summary>
    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) => _connection.CreateChannelAsync(cancellationToken: cancellationToken);

    /// <summary>Ends with a channel that it cannot do without.</summary>
    public IChannel Watch(IChannel channel)
    {
        channel.ChannelShutdownAsync += (_, _) => Done(End);
        return channel;
    }

    /// <summary>Publishes; the broker has the message when the task ends.</summary>
    /// <exception cref="Exception">See <see cref="IsAway"/>; the broker may have the message all the same.</exception>
    public Task PublishAsync(BrokerMessage message, CancellationToken cancellationToken) => PublishAsync(_confirmed!, message, cancellationToken);

    /// <summary>Publishes a message that may be lost.</summary>
    /// <exception cref="Exception">See <see cref="IsAway"/>.</exception>
    public Task PublishTransientAsync(BrokerMessage message, CancellationToken cancellationToken) => PublishAsync(_transient!, message, cancellationToken);

    /// <summary>Awaits what a reader does on its own channel, as a publish does.</summary>
    /// <exception cref="Exception">See <see cref="IsAway"/>; the connection has ended then.</exception>
    public async Task AwaitAsync(ValueTask operation, CancellationToken cancellationToken)
    {
        try
        {
            await UntilLostAsync(operation.AsTask(), cancellationToken);
        }
        catch (Exception exception) when (IsAway(exception) && exception is not PublishException)
        {
            // Whatever is wrong with this channel, a new one has it not.
            End();
            throw;
        }
    }

    /// <summary>Declares, looks or deletes on a channel of its own, which a refusal by the broker closes.</summary>
    /// <exception cref="Exception">See <see cref="IsAway"/>.</exception>
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

    /// <summary>Closes it, if the client can within a bound.</summary>
    public async ValueTask DisposeAsync()
    {
        // Not the token's source: whoever still looks at it, or ends it again, may.
        End();
        var closing = _connection.DisposeAsync().AsTask();
        try
        {
            await closing.WaitAsync(TimeSpan.FromSeconds(3), _time);
        }
        catch (Exception)
        {
            // Its end is no concern of the next connection.
            Observe(closing);
        }
    }

    /// <summary>
    /// Awaits the client as long as the connection lives and the caller wants. Neither is told to the client: a publish that is cancelled there
    /// may break the counting of confirms on a healthy channel (upstream issue 1900).
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

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
            await task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException exception)
        {
            Observe(task);
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("The broker did not answer in time, or the connection to it is over.", exception);
        }
    }

    /// <summary>Nobody waits for it any more, so its failure is nobody's.</summary>
    private static void Observe(Task task) =>
        task.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private Task PublishAsync(IChannel channel, BrokerMessage message, CancellationToken cancellationToken) => AwaitAsync(
        channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: false, message.Properties, message.Body, CancellationToken.None), cancellationToken);

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
