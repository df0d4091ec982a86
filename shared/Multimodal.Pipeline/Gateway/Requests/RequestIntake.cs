using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Accepts or refuses a request in three steps: check, plan, persist. A request that has an earlier answer ends after the first. A refused request leaves
/// nothing behind.
/// </summary>
internal sealed class RequestIntake(
    SubmissionChecker checker, RequestPlanner planner, RequestPersister persister, EarlierAnswers earlier, TimeProvider time, ILogger<RequestIntake> logger, PartCache? cache = null)
{
    /// <summary>Accepts a request. Its row is durable when the task completes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="slot">Its admission slot, which an accepted request keeps.</param>
    /// <param name="cancellationToken">Cancels the intake until the request is stored.</param>
    public async Task<Outcome<AcceptedRequest>> AcceptAsync(IncomingRequest request, AdmissionControl.Slot slot, CancellationToken cancellationToken)
    {
        using var scope = RequestScope.Begin(logger, request.Id);
        using var span = Traces.Start("multimodal.accept", request.Id);
        var acceptedAt = time.GetUtcNow();

        var check = checker.Check(request.Submission);
        if (check.Value is not { } submission)
        {
            return check.Problem!;
        }

        var known = await earlier.FindAsync(request, submission, acceptedAt, cancellationToken);
        if (known.Accepted is { } answered)
        {
            if (known.Cache == CacheOutcome.Hit)
            {
                span?.SetTag("multimodal.cached", true);
                slot.EndAnswered();
            }

            return answered;
        }

        var read = await checker.ReadPartsAsync(submission, cancellationToken);
        if (read.Value is not { } parts)
        {
            return read.Problem!;
        }

        var planned = planner.Plan(request, submission.Ensemble, parts);
        if (planned.Value is not { } plan)
        {
            return planned.Problem!;
        }

        span?.SetTag("multimodal.features_ms", plan.FeaturesMs).SetTag("multimodal.gate_ms", plan.GateMs).SetTag("multimodal.experts", plan.Experts.Count);
        var accepting = new AcceptingRequest(request, submission, parts, plan, acceptedAt) { Timeout = planner.TimeoutOf(submission) };
        foreach (var (modality, content) in parts.Contents)
        {
            cache?.Add(request.Id, submission.Digests[modality], content);
        }

        earlier.Await(request, submission, known);
        var accepted = await persister.PersistAsync(accepting, slot, cancellationToken);
        if (accepted.Value is not { } stored || stored.Id != request.Id)
        {
            cache?.Remove(request.Id);
            return accepted;
        }

        return stored with { Cache = CacheStatus.Of(known.Cache) };
    }
}
