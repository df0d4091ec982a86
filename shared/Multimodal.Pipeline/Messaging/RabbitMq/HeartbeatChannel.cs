using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Sends the heartbeats of expert workers to all gateways.</summary>
internal sealed class HeartbeatChannel(BrokerLink link)
{
    /// <summary>AMQP type of a heartbeat.</summary>
    public const string MessageType = "multimodal.heartbeat";

    /// <summary>Whether the broker accepts messages.</summary>
    public bool IsOpen => link.IsOpen;

    /// <summary>Publishes one heartbeat. Waits while the broker is unreachable.</summary>
    public Task SendAsync(WorkerHeartbeat heartbeat, CancellationToken cancellationToken) => link.PublishAsync(
        new BrokerMessage(
            Topology.HeartbeatsExchange,
            "",
            new BasicProperties { Type = MessageType, ContentType = "application/json" },
            JsonSerializer.SerializeToUtf8Bytes(heartbeat, JsonFormat.Messages)),
        cancellationToken);

    /// <summary>
    /// Adds the number of messages in each expert's queues. The worker asks the broker, because it receives no more than its prefetch.
    /// </summary>
    /// <returns>The same experts with the counts, or without them if the query failed.</returns>
    public async Task<IReadOnlyList<ServedExpert>> CountWaitingAsync(IReadOnlyList<ServedExpert> served, CancellationToken cancellationToken)
    {
        try
        {
            return await link.AdministerAsync<IReadOnlyList<ServedExpert>>(
                async channel =>
                {
                    List<ServedExpert> counted = [];
                    foreach (var expert in served)
                    {
                        var waiting = await channel.MessageCountAsync(Topology.ExpertQueue(expert.Ensemble, expert.Name, Priority.Normal), cancellationToken)
                            + await channel.MessageCountAsync(Topology.LiveQueue(expert.Ensemble, expert.Name, Priority.Normal), cancellationToken);
                        counted.Add(expert with { Waiting = (int)Math.Min(waiting, int.MaxValue) });
                    }

                    return counted;
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A heartbeat without counts still shows that the worker is alive.
            return served;
        }
    }
}
