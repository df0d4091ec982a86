using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Publishes on one channel and matches the broker's confirms, of which one may cover many messages. The client's own tracking adds a header to every
/// message, searches all outstanding messages at each confirm, and slows down from 64 of them. Thread-safe.
/// </summary>
internal sealed class ConfirmedPublisher : IDisposable
{
    private readonly IChannel _channel;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource> _outstanding = [];
    private ulong _published;
    private ulong _confirmed;

    /// <param name="channel">A channel with confirms, without the client's tracking, that nothing else publishes on.</param>
    public ConfirmedPublisher(IChannel channel)
    {
        _channel = channel;
        channel.BasicAcksAsync += (_, ack) =>
        {
            Settle(ack.DeliveryTag, ack.Multiple, isStored: true);
            return Task.CompletedTask;
        };
        channel.BasicNacksAsync += (_, nack) =>
        {
            Settle(nack.DeliveryTag, nack.Multiple, isStored: false);
            return Task.CompletedTask;
        };
    }

    /// <summary>Publishes a message. The task completes when the broker confirms it, and never if the channel ends.</summary>
    /// <exception cref="PublishException">The broker refused the message.</exception>
    public async Task PublishAsync(BrokerMessage message)
    {
        var confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _turn.WaitAsync();
        try
        {
            lock (_lock)
            {
                _outstanding.Add(++_published, confirmed);
            }

            await _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, message.IsMandatory, message.Properties, message.Body, CancellationToken.None);
        }
        catch
        {
            // A message that cannot be encoded is not written, so the broker does not count it. If the connection failed, the numbers end with it.
            lock (_lock)
            {
                _outstanding.Remove(_published--);
            }

            throw;
        }
        finally
        {
            _turn.Release();
        }

        await confirmed.Task;
    }

    public void Dispose() => _turn.Dispose();

    private void Settle(ulong number, bool multiple, bool isStored)
    {
        lock (_lock)
        {
            for (var settled = multiple ? _confirmed + 1 : number; settled <= number; settled++)
            {
                if (!_outstanding.Remove(settled, out var waiting))
                {
                    continue;
                }

                if (isStored)
                {
                    waiting.TrySetResult();
                }
                else
                {
                    waiting.TrySetException(new PublishException(settled, isReturn: false));
                }
            }

            _confirmed = multiple ? number : _confirmed;
        }
    }
}
