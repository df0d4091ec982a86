using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// The live queues of experts: in the broker's memory, declared by their workers. A queue of this kind costs the broker a fraction of a replicated
/// one. It is lost with its node. Then the combiner answers without the opinions that it asked for, unless its request is redelivered too.
/// </summary>
internal static class LiveQueues
{
    /// <summary>How long messages wait for another worker if the last one died.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetireTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The subscription to the live queue, beside that to the expert's durable queue.</summary>
    public static BrokerSubscription Of(BrokerSubscription durable, string live) => durable with
    {
        Queue = live,
        RedeliverTo = durable.Queue,
        DeclareAsync = (channel, cancellationToken) => channel.QueueDeclareAsync(
            live,
            durable: false,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-expires"] = (int)Expiry.TotalMilliseconds,
                ["x-dead-letter-exchange"] = Topology.DeadLetterExchange,
            },
            cancellationToken: cancellationToken),
    };

    /// <summary>
    /// Deletes a live queue that no other worker reads, and moves its messages to the durable queue. From then on, commands go to the durable queue,
    /// which workers of the previous version read too.
    /// </summary>
    public static async Task RetireAsync(BrokerLink link, string live, CancellationToken cancellationToken)
    {
        if (!link.IsOpen)
        {
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(RetireTimeout);
        while (!timeout.IsCancellationRequested)
        {
            try
            {
                await link.AdministerAsync(channel => RetireAsync(link, channel, live, timeout.Token), timeout.Token);
                return;
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                // A command or a worker has just come, so the broker did not delete the queue.
            }
            catch (Exception exception) when (exception is OperationCanceledException || BrokerConnection.IsConnectionFailure(exception))
            {
                // The broker does not respond. Without a worker, the queue expires, and the commands in it with it.
                return;
            }
        }
    }

    private static async Task<bool> RetireAsync(BrokerLink link, IChannel channel, string live, CancellationToken cancellationToken)
    {
        if (await channel.ConsumerCountAsync(live, cancellationToken) > 0)
        {
            return false;
        }

        while (await channel.BasicGetAsync(live, autoAck: false, cancellationToken) is { } left)
        {
            var properties = new BasicProperties(left.BasicProperties) { DeliveryMode = DeliveryModes.Persistent };
            await link.PublishAsync(BrokerMessage.To(Topology.DurableQueueOf(live), properties, left.Body.ToArray()), cancellationToken);
            await channel.BasicAckAsync(left.DeliveryTag, multiple: false, cancellationToken);
        }

        await channel.QueueDeleteAsync(live, ifUnused: true, ifEmpty: true, cancellationToken: cancellationToken);
        return true;
    }
}
