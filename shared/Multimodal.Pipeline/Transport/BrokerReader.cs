using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Pipeline.Transport;

/// <summary>Reads one queue over one connection after the other, and knows what it has in hand. Thread-safe.</summary>
/// <param name="subscription">What to read.</param>
internal sealed class BrokerReader(BrokerLink.Subscription subscription)
{
    private readonly Lock _lock = new();
    private IChannel? _channel;
    private string _tag = "";
    private TaskCompletionSource _cancelled = New();
    private TaskCompletionSource _idle = Ended();
    private int _inHand;

    /// <summary>Starts to read.</summary>
    /// <param name="channel">A channel for this alone.</param>
    /// <param name="lost">Ends with the channel's connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(IChannel channel, CancellationToken lost, CancellationToken cancellationToken)
    {
        await subscription.DeclareAsync(channel, cancellationToken);
        await channel.BasicQosAsync(0, subscription.Prefetch, global: false, cancellationToken);
        var cancelled = _cancelled = New();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) =>
        {
            cancelled.TrySetResult();
            return Task.CompletedTask;
        };
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The prefetch bounds how many run at once. The client reuses the body's memory when this returns.
            Enter();
            _ = HandleAsync(channel, delivery, delivery.Body.ToArray(), lost);
            return Task.CompletedTask;
        };
        _channel = channel;
        _tag = await channel.BasicConsumeAsync(subscription.Queue, autoAck: false, consumer, cancellationToken);
    }

    /// <summary>Takes no more and waits for what is in hand.</summary>
    /// <param name="cancellationToken">Ends the waiting with an exception.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } channel)
        {
            try
            {
                await channel.BasicCancelAsync(_tag, noWait: false, cancellationToken);

                // Behind the last delivery.
                await _cancelled.Task.WaitAsync(cancellationToken);
            }
            catch (Exception exception) when (BrokerLink.IsAway(exception))
            {
                // Then nothing comes any more either.
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

    private async Task HandleAsync(IChannel channel, BasicDeliverEventArgs delivery, byte[] body, CancellationToken lost)
    {
        var (properties, tag) = (delivery.BasicProperties, delivery.DeliveryTag);
        try
        {
            await (await subscription.HandleAsync(properties, body, lost) switch
            {
                Handled.Done => channel.BasicAckAsync(tag, multiple: false, CancellationToken.None),
                Handled.DeadLetter => channel.BasicRejectAsync(tag, requeue: false, CancellationToken.None),
                Handled.Back => channel.BasicRejectAsync(tag, requeue: true, CancellationToken.None),
                _ => ValueTask.CompletedTask,
            });
        }
        catch (Exception exception) when (BrokerLink.IsAway(exception))
        {
            // The connection is gone; the broker delivers the message again.
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
}
