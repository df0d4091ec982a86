using Multimodal.Pipeline.Ensembles;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Declares the durable queues and exchanges. Every process does so after each connect, because the broker silently drops a message
/// for an exchange without a queue. Declarations are idempotent.
/// </summary>
internal sealed class BrokerTopology(BrokerOptions options, EnsembleCatalog ensembles)
{
    private const int MaxDeadLetters = 100_000;

    /// <summary>Declares the queues and exchanges.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">A queue exists with other arguments.</exception>
    public async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Topology.DeadLetterExchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Topology.ResultsExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Topology.HeartbeatsExchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Topology.ClockExchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Topology.OpinionsExchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);
        await DeclareDeadLettersAsync(channel, cancellationToken);
        foreach (var priority in Topology.Priorities)
        {
            await DeclareAsync(channel, Topology.RequestsQueue(priority), cancellationToken);
        }

        await DeclareAsync(channel, Topology.ResultsQueue, cancellationToken);
        await channel.QueueBindAsync(Topology.ResultsQueue, Topology.ResultsExchange, "#", cancellationToken: cancellationToken);

        var commands = Topology.Priorities.SelectMany(priority => ensembles.All
            .SelectMany(ensemble => ensemble.Experts.Keys.Select(expert => Topology.ExpertQueue(ensemble.Name, expert, priority)))
            .Prepend(Topology.FuseQueue(priority)));
        foreach (var queue in commands)
        {
            await DeclareAsync(channel, queue, cancellationToken);
        }
    }

    private Task<QueueDeclareOk> DeclareAsync(IChannel channel, string queue, CancellationToken cancellationToken) => channel.QueueDeclareAsync(
        queue, durable: true, exclusive: false, autoDelete: false, QueueArguments(options), cancellationToken: cancellationToken);

    private async Task DeclareDeadLettersAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?>
        {
            ["x-message-ttl"] = (int)Math.Min(int.MaxValue, TimeSpan.FromDays(options.DeadLetterDays).TotalMilliseconds),
            ["x-max-length"] = MaxDeadLetters,
        };
        await channel.QueueDeclareAsync(
            Topology.DeadLetterQueue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Topology.DeadLetterQueue, Topology.DeadLetterExchange, "", cancellationToken: cancellationToken);
    }

    /// <summary>
    /// The arguments of a durable queue of commands or results. The broker refuses a declaration with other arguments than the first.
    /// </summary>
    private static Dictionary<string, object?> QueueArguments(BrokerOptions options) => options.Queues == BrokerOptions.Quorum
        ? new()
        {
            ["x-queue-type"] = BrokerOptions.Quorum,
            ["x-delivery-limit"] = options.DeliveryLimit,
            ["x-dead-letter-exchange"] = Topology.DeadLetterExchange,
        }
        : new() { ["x-dead-letter-exchange"] = Topology.DeadLetterExchange };
}
