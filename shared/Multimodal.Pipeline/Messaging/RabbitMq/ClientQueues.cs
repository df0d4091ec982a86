using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Declares and deletes the queues of client subscriptions. They are durable and expire when unused. They are classic queues, because RabbitMQ
/// advises against short-lived quorum queues.
/// </summary>
internal sealed class ClientQueues(BrokerLink link)
{
    /// <summary>At the maximum length, the broker drops the oldest result.</summary>
    public const string Overflow = "drop-head";

    /// <summary>Declares a queue and binds it to the results exchange. Repeating the call only restarts the queue's expiry.</summary>
    /// <returns>False if a queue of this name exists with other arguments.</returns>
    /// <exception cref="Exception">The broker is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.</exception>
    public Task<bool> DeclareAsync(ClientQueue queue, CancellationToken cancellationToken) => link.AdministerAsync(
        async channel =>
        {
            var arguments = new Dictionary<string, object?>
            {
                ["x-queue-type"] = BrokerOptions.Classic,
                ["x-expires"] = queue.ExpiresMs,
                ["x-max-length"] = queue.MaxLength,
                ["x-overflow"] = Overflow,
            };
            try
            {
                await channel.QueueDeclareAsync(queue.Name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                return false;
            }

            foreach (var key in queue.RoutingKeys)
            {
                await channel.QueueBindAsync(queue.Name, Topology.ResultsExchange, key, cancellationToken: cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>
    /// Whether the queue exists. The check restarts the queue's expiry, so call it less often than the expiry time, or an unused queue
    /// never expires.
    /// </summary>
    public Task<bool> ExistsAsync(string queue, CancellationToken cancellationToken) => link.AdministerAsync(
        async channel =>
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
                return true;
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return false;
            }
        },
        cancellationToken);

    /// <summary>Deletes a queue with its messages.</summary>
    public Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        link.AdministerAsync(channel => channel.QueueDeleteAsync(queue, cancellationToken: cancellationToken), cancellationToken);
}
