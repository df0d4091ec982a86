using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway;

/// <summary>
/// Consumes messages for this gateway process alone: worker heartbeats, places of waiting requests at other gateways, and results of its requests that
/// another gateway recorded.
/// </summary>
internal sealed class GatewayListener(
    GatewayQueue queue, GatewayIdentity identity, ExpertDirectory experts, AdmissionControl admission, ResultWaiters waiters, AnswerCache cache)
{
    public Task ConnectAsync(CancellationToken cancellationToken) => queue.ServeAsync(
        identity.Instance,
        experts.Record,
        places =>
        {
            foreach (var place in places.Places)
            {
                admission.Learn(place);
            }
        },
        (request, result) =>
        {
            admission.Leave(request);
            cache.Add(request, result);
            waiters.Complete(request, result);
        },
        cancellationToken);
}
