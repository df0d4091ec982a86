using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Accepts a request or says why not, in three steps: check, plan, persist. A refused request leaves nothing behind.</summary>
internal sealed class RequestIntake(
    SubmissionChecker checker, RequestPlanner planner, RequestPersister persister, RequestStore store, TimeProvider time, ILogger<RequestIntake> logger)
{
    /// <summary>Accepts a request; its row is durable when the task ends.</summary>
    /// <param name="request">The request.</param>
    /// <param name="slot">Its admission slot, which an accepted request keeps.</param>
    /// <param name="cancellationToken">Gives up before the request is stored; not after.</param>
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

        if (request.IdempotencyKey is { } key && await store.FindByKeyAsync(request.Tenant, key, cancellationToken) is { } earlier)
        {
            return RequestPersister.Replay(earlier, submission.Fingerprint);
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
        return await persister.PersistAsync(accepting, slot, cancellationToken);
    }
}
