using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Clients' own queues of results: durable, classic (RabbitMQ advises against quorum queues that come and go), bounded in length and in
/// time without use.
/// </summary>
internal sealed class ClientQueues(BrokerLink link)
{
    /// <summary>What happens at the maximum length: the oldest result is dropped.</summary>
    public const string Overflow = "drop-head";

    /// <summary>Declares a queue and binds it to the results exchange; repeating it changes nothing but restarts its time without use.</summary>
    /// <returns>False if a queue of this name exists with other arguments.</returns>
    /// <exception cref="Exception">The broker is away; see <see cref="BrokerConnection.IsAway"/>.</exception>
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
    /// Whether the queue still exists. The broker deletes a queue that was not used for its time, and asking counts as a use, so ask at
    /// most once in that time.
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
