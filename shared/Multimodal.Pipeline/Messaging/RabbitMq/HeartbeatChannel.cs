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

    /// <summary>Whether the broker takes messages.</summary>
    public bool IsOpen => link.IsOpen;

    /// <summary>Publishes one heartbeat; waits while the broker is away.</summary>
    public Task SendAsync(WorkerHeartbeat heartbeat, CancellationToken cancellationToken) => link.PublishAsync(
        new BrokerMessage(
            Topology.HeartbeatsExchange,
            "",
            new BasicProperties { Type = MessageType, ContentType = "application/json" },
            JsonSerializer.SerializeToUtf8Bytes(heartbeat, JsonFormat.Options)),
        cancellationToken);

    /// <summary>Fills in how many messages wait for each expert on the broker. A worker holds no more than its prefetch, so it cannot count them itself.</summary>
    /// <returns>The same experts, without the counts if the broker could not be asked.</returns>
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
                        var waiting = await channel.MessageCountAsync(Topology.ExpertQueue(expert.Ensemble, expert.Name, Priority.Normal), cancellationToken);
                        counted.Add(expert with { Waiting = (int)Math.Min(waiting, int.MaxValue) });
                    }

                    return counted;
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A heartbeat without counts still says that the worker is alive.
            return served;
        }
    }
}
