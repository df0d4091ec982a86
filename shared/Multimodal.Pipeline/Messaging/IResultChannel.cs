using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Messaging;

/// <summary>Carries answers from the combiners to the gateways: through a queue in memory, or the broker's topic exchange.</summary>
internal interface IResultChannel
{
    /// <summary>Publishes an answer. The task completes when the queue, in memory or on the broker, has accepted it.</summary>
    Task PublishAsync(AnswerCombined combined, CancellationToken cancellationToken);

    /// <summary>Sends the late opinion of a shadow expert to one of the gateways. Clients do not see it.</summary>
    Task PublishAsync(ShadowAnswered shadow, CancellationToken cancellationToken);

    /// <summary>Consumes answers. The gateways compete for them, and an answer that was not recorded is redelivered.</summary>
    /// <param name="concurrency">The maximum number of answers recorded at once.</param>
    /// <param name="record">
    /// Records one answer, and its JSON for clients unless it has to be written; called again with the same answer if it throws.
    /// </param>
    /// <param name="recordShadow">Records a late opinion of a shadow expert; retried likewise.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    Task ServeAsync(int concurrency, Func<AnswerCombined, string?, Task> record, Func<ShadowAnswered, Task> recordShadow, CancellationToken cancellationToken);

    /// <summary>Notifies another gateway that its request is answered and recorded. The notification may be lost.</summary>
    /// <param name="gateway">The gateway that accepted the request.</param>
    /// <param name="request">The request's id.</param>
    /// <param name="result">The result as stored.</param>
    Task NotifyAsync(Guid gateway, Guid request, string result);
}
