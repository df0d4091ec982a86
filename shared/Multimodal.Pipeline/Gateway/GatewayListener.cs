using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Listens to what is sent to this gateway process alone: heartbeats of workers, and results of its requests that another gateway recorded.</summary>
internal sealed class GatewayListener(
    GatewayQueue queue, GatewayIdentity identity, ExpertDirectory experts, AdmissionControl admission, ResultWaiters waiters)
{
    /// <summary>Starts to listen.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => queue.ServeAsync(
        identity.Instance,
        experts.Note,
        (request, result) =>
        {
            admission.Leave(request);
            waiters.Complete(request, result);
        },
        cancellationToken);
}
