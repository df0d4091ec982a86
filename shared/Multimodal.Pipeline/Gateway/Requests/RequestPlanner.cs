using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Plans a request with the current load and trust of each expert.</summary>
internal sealed class RequestPlanner(Planner planner, ExpertLoads loads, TrustCache trust, GatewayOptions options)
{
    /// <summary>Plans a request, or refuses it if no expert can answer in time.</summary>
    public Outcome<ExecutionPlan> Plan(IncomingRequest request, Ensemble ensemble, RequestParts parts)
    {
        var requestOptions = request.Submission.Options;
        var timeout = TimeoutOf(ensemble, requestOptions.DeadlineMs);
        var plan = planner.Plan(
            ensemble,
            new PlanInput(request.Id, requestOptions, parts.Modalities, parts.Features, parts.FeaturesMs, timeout) { Empty = parts.Empty },
            loads.Of(ensemble),
            trust.Find(request.Tenant, ensemble)?.For(request.Id)) with
        {
            Shadows = ShadowPlan.Of(ensemble, request.Id, requestOptions, parts.Modalities, new ShadowLimits(expert => loads.Of(ensemble.Name, expert), timeout)),
        };
        PipelineMetrics.Planned(ensemble.Name, plan);
        return plan.Experts.Count > 0 ? plan : Refusal(plan);
    }

    /// <summary>
    /// Time from acceptance to the deadline: the client's deadline or else the ensemble's default, limited by the gateway's maximum.
    /// </summary>
    public TimeSpan TimeoutOf(CheckedSubmission submission) => TimeoutOf(submission.Ensemble, submission.Submission.Options.DeadlineMs);

    private TimeSpan TimeoutOf(Ensemble ensemble, int? deadlineMs) => TimeSpan.FromMilliseconds(
        deadlineMs ?? Math.Min(options.MaxDeadlineMs, (int)ensemble.Package.Defaults.Deadline.TotalMilliseconds));

    private Problem Refusal(ExecutionPlan plan) =>
        plan.Skipped.Any(expert => expert.ExactReason == SkipReason.Overloaded) ? Problems.DeadlineUnreachable(options.RetryAfterSeconds)
        : plan.Skipped.Any(expert => expert.ExactReason == SkipReason.NoWorker) ? Problems.NoWorker(options.RetryAfterSeconds)
        : Problems.NoExpert();
}
