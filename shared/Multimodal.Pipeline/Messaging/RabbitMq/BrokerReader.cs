using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

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
        _tag = await channel.BasicConsumeAsync(subscription.Queue, subscription.IsAutomatic, new Consumer(this, connection, channel, cancelled), cancellationToken);
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

    private async Task HandleAsync(Consumer consumer, IReadOnlyBasicProperties properties, ulong tag, bool isRedelivered, byte[] body)
    {
        var (connection, isSettledLater) = (consumer.Connection, false);
        try
        {
            var settlement = isRedelivered && subscription.RedeliverTo is { } other
                ? await MoveAsync(connection, other, properties, body)
                : await subscription.HandleAsync(properties, body, connection.Lost);
            if (subscription.IsAutomatic || settlement == Settlement.None)
            {
                return;
            }

            if (settlement == Settlement.Ack)
            {
                isSettledLater = true;
                consumer.Acknowledgements.Add(tag);
                return;
            }

            await connection.AwaitAsync(consumer.Channel.BasicRejectAsync(tag, requeue: settlement == Settlement.Requeue, CancellationToken.None), CancellationToken.None);
            consumer.Acknowledgements.Skip(tag);
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
            if (!isSettledLater)
            {
                Finish();
            }
        }
    }

    private static async Task<Settlement> MoveAsync(BrokerConnection connection, string queue, IReadOnlyBasicProperties properties, byte[] body)
    {
        try
        {
            await connection.PublishAsync(BrokerMessage.To(queue, new BasicProperties(properties) { DeliveryMode = DeliveryModes.Persistent }, body), CancellationToken.None);
            return Settlement.Ack;
        }
        catch (PublishException)
        {
            return Settlement.Requeue;
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
        public BrokerConnection Connection => connection;

        public Acknowledgements Acknowledgements { get; } = new(connection, channel, reader.Finish);

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
                _ = reader.HandleAsync(this, properties, deliveryTag, redelivered, body.ToArray());
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
