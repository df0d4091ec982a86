using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Carries out one plan: asks the experts, collects their opinions as long as the asking policy waits, and fuses them.</summary>
internal sealed partial class PlanExecutor(
    EnsembleCatalog ensembles, ExpertCommands commands, ShadowDispatcher shadows, CombinerOptions options, ServiceClock time, ILogger<PlanExecutor> logger)
{
    /// <summary>
    /// How long after the deadline an answer without opinions is still published. After that, the watchdog sends the request again.
    /// </summary>
    private static readonly TimeSpan EmptyAnswerGrace = TimeSpan.FromSeconds(3);

    /// <summary>Carries out the plan.</summary>
    /// <param name="context">The request.</param>
    /// <param name="collector">Collects the replies.</param>
    /// <param name="onShadowsAsked">Called at most once, with the task that asks the shadow experts.</param>
    /// <returns>
    /// Null without replies if the deadline passed before any expert could be asked, or if the answer is later than the grace after the
    /// deadline. This happens if the message arrived late or the process was suspended.
    /// </returns>
    public async Task<AnswerCombined?> ExecuteAsync(Incoming<Fuse> context, OpinionCollector collector, Action<Task> onShadowsAsked)
    {
        var fuse = context.Message with { Deadline = time.Adjust(context.Message.Deadline) };
        var fusion = FusionOf(ensembles[fuse.Ensemble], fuse);
        var policy = new AskingPolicy(fuse, fusion.Rule!, fusion.Labels.Count, options.WaveShare);
        var hasAsked = false;
        var clock = new RequestClock(time);
        AskingStep step;
        while ((step = policy.Next(collector.Replies(), clock.Now)) is not AskingStep.Answer)
        {
            if (step is AskingStep.Ask ask)
            {
                var names = ask.Experts.Select(expert => expert.Name).ToArray();
                collector.Ask(names);
                await commands.SendAsync(context, names);
                if (!hasAsked)
                {
                    hasAsked = true;
                    onShadowsAsked(shadows.AskAsync(context, collector));
                }
            }
            else if (step is AskingStep.Wait wait)
            {
                await collector.WaitAsync(wait.Until - clock.Now, time, context.CancellationToken);
            }
        }

        var (now, replies) = (clock.Now, collector.Close());
        if (replies.Count == 0 && (!hasAsked || now > fuse.Deadline + EmptyAnswerGrace))
        {
            return null;
        }

        using var span = Traces.Start("multimodal.combine", fuse.RequestId);
        return Compose(fuse, new AnswerAssembly(fuse, fusion, replies, policy.Asked, inTime: now < fuse.Deadline), now);
    }

    private static AnswerCombined Compose(Fuse fuse, AnswerAssembly assembly, DateTimeOffset now) => new()
    {
        Tenant = fuse.Tenant,
        Subscription = fuse.Subscription,
        Answer = assembly.Answer((now - fuse.AcceptedAt).TotalMilliseconds),
        Opinions = assembly.Opinions,
        Shadows = assembly.Shadows,
        Gateway = fuse.Gateway,
        ReplyTo = fuse.ReplyTo,
        HasBlobs = fuse.Parts.Any(part => part.Blob is not null),
    };

    /// <summary>
    /// Selects the fusion rule of the version that made the plan. During a rollout, this combiner may not have loaded that version yet, or not any
    /// more. Then it uses the promoted version's rule, and the answer reports that version.
    /// </summary>
    private FusionInput FusionOf(Ensemble ensemble, Fuse fuse)
    {
        if (ensemble.FindVersion(fuse.Plan.GateVersion) is { } version && version.Rules.TryGetValue(fuse.Plan.Fusion, out var rule))
        {
            return new FusionInput(ensemble.Package.Labels, rule, version.Name, ensemble.LabelsFingerprint);
        }

        LogOtherVersion(fuse.Plan.GateVersion, ensemble.Gate.Version, fuse.RequestId);
        var substitute = ensemble.Rules.GetValueOrDefault(fuse.Plan.Fusion) ?? ensemble.Rules[ensemble.Package.Defaults.Fusion];
        return new FusionInput(ensemble.Package.Labels, substitute, ensemble.Gate.Version, ensemble.LabelsFingerprint);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Planned}, which planned request {RequestId}, or its fusion rule is not loaded here; fusing with version {Used}.")]
    private partial void LogOtherVersion(string planned, string used, Guid requestId);
}
