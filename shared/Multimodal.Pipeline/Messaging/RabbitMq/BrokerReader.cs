using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Consumes one queue across reconnects, and tracks the messages in progress. Thread-safe.</summary>
/// <param name="subscription">The queue and its handler.</param>
/// <param name="logger">Logs failures.</param>
internal sealed partial class BrokerReader(BrokerSubscription subscription, ILogger logger)
{
    private readonly Lock _lock = new();
    private (BrokerConnection Connection, IChannel Channel)? _current;
    private string _tag = "";
    private TaskCompletionSource _cancelled = New();
    private TaskCompletionSource _idle = Completed();
    private int _inProgress;
    private volatile bool _isStopping;
    private volatile bool _ignoresDeliveries;

    /// <summary>Starts to consume, on a new channel.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    public async Task StartAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        var channel = connection.Watch(await connection.OpenChannelAsync(cancellationToken));
        await subscription.DeclareAsync(channel, cancellationToken);
        await channel.BasicQosAsync(0, subscription.Prefetch, global: false, cancellationToken);
        var cancelled = _cancelled = New();
        _current = (connection, channel);
        _tag = await channel.BasicConsumeAsync(subscription.Queue, autoAck: false, new Consumer(this, connection, channel, cancelled), cancellationToken);
    }

    /// <summary>Stops consuming and waits for the messages in progress.</summary>
    /// <param name="cancellationToken">Stops the wait with an exception.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        if (_current is ({ Lost.IsCancellationRequested: false } connection, { IsOpen: true } channel))
        {
            try
            {
                await connection.AwaitAsync(new ValueTask(channel.BasicCancelAsync(_tag, noWait: false, CancellationToken.None)), cancellationToken);

                // The confirmation follows the last delivery.
                await connection.AwaitAsync(new ValueTask(_cancelled.Task), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Without a confirmation, deliveries may still arrive. Ignoring them lets the broker redeliver them to other processes.
                _ignoresDeliveries = true;
                LogNotCancelled(exception, subscription.Queue);
            }
        }

        await _idle.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var completed = New();
        completed.SetResult();
        return completed;
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
        catch (Exception exception) when (BrokerConnection.IsConnectionFailure(exception))
        {
            // The connection ended, so the broker redelivers the message.
        }
        catch (Exception exception)
        {
            // The state of the message on the broker is unknown. Reconnecting makes the broker redeliver it.
            LogNotSettled(exception, subscription.Queue, properties.MessageId);
            connection.End();
        }
        finally
        {
            Finish();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_inProgress++ == 0)
            {
                _idle = New();
            }
        }
    }

    private void Finish()
    {
        lock (_lock)
        {
            if (--_inProgress == 0)
            {
                _idle.TrySetResult();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker did not confirm the end of the subscription to {Queue}; further deliveries are ignored.")]
    private partial void LogNotCancelled(Exception exception, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker cancelled the subscription to {Queue}, because the queue was deleted or moved; reconnecting.")]
    private partial void LogCancelled(string queue);

    private void LogCancelled() => LogCancelled(subscription.Queue);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} from {Queue} could not be settled; reconnecting, so that the broker redelivers it.")]
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
            if (!reader._ignoresDeliveries)
            {
                // The prefetch bounds how many run at once. The client reuses the body's memory when this returns.
                reader.Begin();
                _ = reader.HandleAsync(connection, Channel, properties, deliveryTag, body.ToArray());
            }

            return Task.CompletedTask;
        }

        /// <summary>Called after the reader has cancelled its subscription.</summary>
        public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            cancelled.TrySetResult();
            return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
        }

        /// <summary>Called when the broker cancels the subscription, because the queue or its node is gone.</summary>
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
