using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Messaging;

/// <summary>How finished answers reach the gateways: a queue within one process, or the broker's topic exchange.</summary>
internal interface IResultChannel
{
    /// <summary>Publishes an answer; it cannot get lost any more when the task ends.</summary>
    Task PublishAsync(AnswerCombined combined, CancellationToken cancellationToken);

    /// <summary>Hands what an expert in shadow said after the answer to one of the gateways; clients do not see it.</summary>
    Task PublishAsync(ShadowAnswered shadow, CancellationToken cancellationToken);

    /// <summary>Records answers, each by one of the gateways; an answer that could not be recorded comes again.</summary>
    /// <param name="concurrency">The most answers recorded at once.</param>
    /// <param name="record">Records one; called again with the same one when it throws.</param>
    /// <param name="recordShadow">Records what an expert in shadow said, likewise.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    Task ServeAsync(int concurrency, Func<AnswerCombined, Task> record, Func<ShadowAnswered, Task> recordShadow, CancellationToken cancellationToken);

    /// <summary>Tells another gateway that its request is answered and recorded. May get lost.</summary>
    /// <param name="gateway">The gateway that accepted the request.</param>
    /// <param name="request">The request's id.</param>
    /// <param name="result">The result as stored.</param>
    Task NotifyAsync(Guid gateway, Guid request, string result);
}
