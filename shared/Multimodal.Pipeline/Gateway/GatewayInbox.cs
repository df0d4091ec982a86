using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Gateway;

/// <summary>What only this gateway process is told: the heartbeats of workers, and answers to its requests that another gateway recorded.</summary>
internal sealed class GatewayInbox(
    BrokerLink link, GatewayIdentity identity, ExpertDirectory experts, AdmissionControl admission, ResultWaiters waiters)
{
    private const ushort Prefetch = 64;
    private const int MostWaiting = 10_000;

    /// <summary>Starts to listen.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        var queue = Topology.GatewayQueue(identity.Instance);
        return link.ServeAsync(new BrokerLink.Subscription(queue, Prefetch, DeclareAsync, (properties, body, _) => HandleAsync(properties, body)), cancellationToken);

        async Task DeclareAsync(IChannel channel, CancellationToken cancel)
        {
            var arguments = new Dictionary<string, object?> { ["x-max-length"] = MostWaiting };
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: cancel);
            await channel.QueueBindAsync(queue, Topology.HeartbeatsExchange, "", cancellationToken: cancel);
        }
    }

    private Task<Handled> HandleAsync(IReadOnlyBasicProperties properties, byte[] body)
    {
        if (properties.Type == ResultMessage.Recorded && Guid.TryParse(properties.MessageId, out var request))
        {
            admission.Leave(request);
            waiters.Complete(request, Encoding.UTF8.GetString(body));
        }
        else if (properties.Type == Heart.MessageType && Read(body) is { } heartbeat)
        {
            experts.Note(heartbeat);
        }

        return Task.FromResult(Handled.Done);
    }

    /// <returns>Null when it cannot be read: a worker of another version.</returns>
    private static WorkerHeartbeat? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkerHeartbeat>(body, JsonFormat.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
