using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A checked and planned request that is about to be stored.</summary>
/// <param name="Request">The request.</param>
/// <param name="Submission">What the client sent, checked.</param>
/// <param name="Parts">Its parts.</param>
/// <param name="Plan">The experts to ask.</param>
/// <param name="AcceptedAt">When its intake began.</param>
internal sealed record AcceptingRequest(IncomingRequest Request, CheckedSubmission Submission, RequestParts Parts, ExecutionPlan Plan, DateTimeOffset AcceptedAt)
{
    /// <summary>The time from <see cref="AcceptedAt"/> within which the answer is due.</summary>
    public required TimeSpan Timeout { get; init; }
}
