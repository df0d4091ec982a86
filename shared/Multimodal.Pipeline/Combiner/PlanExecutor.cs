using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Carries out one plan: asks the experts, collects their opinions until no more is worth waiting for or the deadline has come, and fuses them.</summary>
internal sealed partial class PlanExecutor(
    EnsembleCatalog ensembles, ExpertCommands commands, ShadowQuestions shadows, CombinerOptions options, TimeProvider time, ILogger<PlanExecutor> logger)
{
    /// <summary>How long after the deadline an answer without any opinion is still sent; after that the watchdog sends the request again.</summary>
    private static readonly TimeSpan EmptyAnswerGrace = TimeSpan.FromSeconds(3);

    /// <summary>Carries out the plan.</summary>
    /// <param name="context">The request.</param>
    /// <param name="collector">Takes the replies.</param>
    /// <param name="onShadowsAsked">Called once with the task that asks the experts in shadow, if there are any to ask.</param>
    /// <returns>Null if the deadline passed before any expert could be asked, because the message arrived late or the process was suspended.</returns>
    public async Task<AnswerCombined?> ExecuteAsync(Incoming<Fuse> context, OpinionCollector collector, Action<Task> onShadowsAsked)
    {
        var fuse = context.Message;
        var fusion = FusionOf(ensembles[fuse.Ensemble], fuse);
        var policy = new AskingPolicy(fuse, fusion.Rule!, fusion.Labels.Count, options.WaveShare);
        var isAsked = false;
        AskingStep step;
        while ((step = policy.Next(collector.Replies(), time.GetUtcNow())) is not AskingStep.Answer)
        {
            if (step is AskingStep.Ask ask)
            {
                var names = ask.Experts.Select(expert => expert.Name).ToArray();
                collector.Ask(names);
                await commands.SendAsync(context, names);
                if (!isAsked)
                {
                    isAsked = true;
                    onShadowsAsked(shadows.AskAsync(context, collector));
                }
            }
            else if (step is AskingStep.Wait wait)
            {
                await collector.WaitAsync(wait.Until - time.GetUtcNow(), time, context.CancellationToken);
            }
        }

        var (now, replies) = (time.GetUtcNow(), collector.Close());
        if (replies.Count == 0 && (!isAsked || now > fuse.Deadline + EmptyAnswerGrace))
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
    /// The rule of the version that made the plan. While a version is rolled out or removed, a gateway may have read the files before or after this
    /// combiner did: then the promoted version's rule fuses, and the answer says so.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Planned} of gate and combiner, or its fusion rule, is not loaded here; version {Used} fuses request {RequestId}.")]
    private partial void LogOtherVersion(string planned, string used, Guid requestId);
}
