using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Reads one queue over one connection after the other, and knows what it has in hand. Thread-safe.</summary>
/// <param name="subscription">What to read.</param>
/// <param name="logger">For what should not happen.</param>
internal sealed partial class BrokerReader(BrokerSubscription subscription, ILogger logger)
{
    private readonly Lock _lock = new();
    private (BrokerConnection Connection, IChannel Channel)? _current;
    private string _tag = "";
    private TaskCompletionSource _cancelled = New();
    private TaskCompletionSource _idle = Ended();
    private int _inHand;
    private volatile bool _isStopping;
    private volatile bool _isDeaf;

    /// <summary>Starts to read, on a channel of its own.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        var channel = connection.Watch(await connection.OpenChannelAsync(cancellationToken));
        await subscription.DeclareAsync(channel, cancellationToken);
        await channel.BasicQosAsync(0, subscription.Prefetch, global: false, cancellationToken);
        var cancelled = _cancelled = New();
        _current = (connection, channel);
        _tag = await channel.BasicConsumeAsync(subscription.Queue, autoAck: false, new Consumer(this, connection, channel, cancelled), cancellationToken);
    }

    /// <summary>Takes no more and waits for what is in hand.</summary>
    /// <param name="cancellationToken">Ends the waiting with an exception.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        if (_current is ({ Lost.IsCancellationRequested: false } connection, { IsOpen: true } channel))
        {
            try
            {
                await connection.AwaitAsync(new ValueTask(channel.BasicCancelAsync(_tag, noWait: false, CancellationToken.None)), cancellationToken);

                // Behind the last delivery.
                await connection.AwaitAsync(new ValueTask(_cancelled.Task), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Away, or it does not read: then what it may still send is left to others.
                _isDeaf = true;
                LogNotCancelled(exception, subscription.Queue);
            }
        }

        await _idle.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Ended()
    {
        var ended = New();
        ended.SetResult();
        return ended;
    }

    private async Task HandleAsync(BrokerConnection connection, IChannel channel, IReadOnlyBasicProperties properties, ulong tag, byte[] body)
    {
        try
        {
            var settlement = await subscription.HandleAsync(properties, body, connection.Lost);
            await connection.AwaitAsync(
                settlement switch
                {
                    Settlement.Ack => channel.BasicAckAsync(tag, multiple: false, CancellationToken.None),
                    Settlement.DeadLetter => channel.BasicRejectAsync(tag, requeue: false, CancellationToken.None),
                    Settlement.Requeue => channel.BasicRejectAsync(tag, requeue: true, CancellationToken.None),
                    _ => ValueTask.CompletedTask,
                },
                CancellationToken.None);
        }
        catch (Exception exception) when (BrokerConnection.IsAway(exception))
        {
            // The connection is gone; the broker delivers the message again.
        }
        catch (Exception exception)
        {
            // Nobody knows what the broker makes of it: a new connection settles that.
            LogNotSettled(exception, subscription.Queue, properties.MessageId);
            connection.End();
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_inHand++ == 0)
            {
                _idle = New();
            }
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_inHand == 0)
            {
                _idle.TrySetResult();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker did not say that it sends no more from {Queue}.")]
    private partial void LogNotCancelled(Exception exception, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker sends nothing from {Queue} any more; the queue was deleted or moved. It is read anew.")]
    private partial void LogCancelled(string queue);

    private void LogCancelled() => LogCancelled(subscription.Queue);

    [LoggerMessage(Level = LogLevel.Error, Message = "The message {MessageId} on {Queue} could not be settled; the broker delivers it again.")]
    private partial void LogNotSettled(Exception exception, string queue, string? messageId);

    private sealed class Consumer(BrokerReader reader, BrokerConnection connection, IChannel channel, TaskCompletionSource cancelled)
        : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag,
            ulong deliveryTag,
            bool redelivered,
            string exchange,
            string routingKey,
            IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            if (!reader._isDeaf)
            {
                // The prefetch bounds how many run at once. The client reuses the body's memory when this returns.
                reader.Enter();
                _ = reader.HandleAsync(connection, Channel, properties, deliveryTag, body.ToArray());
            }

            return Task.CompletedTask;
        }

        /// <summary>By the reader's own wish.</summary>
        public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            cancelled.TrySetResult();
            return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
        }

        /// <summary>By the broker: without the queue, or the node it was on.</summary>
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            cancelled.TrySetResult();
            if (!reader._isStopping)
            {
                reader.LogCancelled();
                connection.End();
            }

            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }
    }
}
