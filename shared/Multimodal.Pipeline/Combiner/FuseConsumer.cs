using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Carries out one plan: asks the experts, gathers what they say until no more is worth waiting for or the deadline has come, fuses,
/// publishes.
/// The message is acknowledged by returning, so only after the answer is published: if this process dies before, the broker
/// (or the gateway's watchdog) hands the request to another, which asks the experts again.
/// </summary>
internal sealed partial class FuseConsumer(
    EnsembleCatalog ensembles,
    OpenRequests open,
    ShadowQuestions shadows,
    IWorkChannel work,
    IResultChannel results,
    MultimodalOptions options,
    Drain drain,
    TimeProvider time,
    ILogger<FuseConsumer> logger)
{
    /// <summary>So long after the deadline nobody waits for the word that there is no answer.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromSeconds(3);

    /// <summary>Answers one request; the message is acknowledged when the task ends.</summary>
    public async Task ConsumeAsync(Incoming<Fuse> context)
    {
        var fuse = context.Message;
        using var scope = RequestScope.Begin(logger, fuse.RequestId);
        using var span = Traces.Receive("multimodal.fuse", context.TraceContext, fuse.RequestId);
        var gathering = new Gathering();
        var first = open.Open(fuse.RequestId, gathering);
        if (first != gathering)
        {
            // Delivered again after the connection broke, or sent again by a watchdog: what was on its way then may be lost.
            LogAlreadyOpen(fuse.RequestId);
            PipelineMetrics.Repeated();
            await AskAsync(context, first.Missing());
            await first.Published.WaitAsync(context.CancellationToken);
            return;
        }

        Exception? failure = null;
        var shadowed = Task.CompletedTask;
        try
        {
            if (await CombineAsync(context, gathering, asked => shadowed = asked) is not { } combined)
            {
                LogTooLate(fuse.RequestId, fuse.Deadline);
                return;
            }

            // Not the message's token, which ends with the connection: a gateway may have recorded the answer while a client's queue lost
            // it with the broker. Then nobody asks again, so it is published until it is confirmed.
            await results.PublishAsync(combined, drain.Over);
            LogCombined(fuse.RequestId, combined.Answer.Status, combined.Opinions.Count, fuse.Plan.Experts.Count);

            // The answer is out; only now may the questions that do not count be waited for.
            await shadowed;
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            open.Close(fuse.RequestId);
            gathering.End(failure);
        }
    }

    private Task AskAsync(Incoming<Fuse> context, IReadOnlyList<string> experts) => context.Message.Deadline > time.GetUtcNow()
        ? Task.WhenAll(context.Message.Plan.Experts.Where(expert => experts.Contains(expert.Name)).Select(expert => AskAsync(context, expert)))
        : Task.CompletedTask;

    private async Task AskAsync(Incoming<Fuse> context, PlannedExpert expert)
    {
        var fuse = context.Message;
        using var span = Traces.Start("multimodal.ask", fuse.RequestId, ActivityKind.Producer)?.SetTag("multimodal.expert", expert.Name);
        await work.SendAsync(Question.About(fuse, expert.Name, expert.Modality, open.Instance), fuse.Priority, context.CancellationToken);
    }

    /// <returns>Null when nobody had a chance to answer: the request came, or this process woke up, when its time was long over.</returns>
    private async Task<AnswerCombined?> CombineAsync(Incoming<Fuse> context, Gathering gathering, Action<Task> shadowed)
    {
        var fuse = context.Message;
        var ensemble = ensembles[fuse.Ensemble];
        var (version, rule) = RuleOf(ensemble, fuse);
        var course = new Course(fuse, rule, ensemble.Package.Labels.Count, options.Combiner.WaveShare);
        var asked = false;
        Step step;
        while ((step = course.Next(gathering.Replies(), time.GetUtcNow())) is not Step.Answer)
        {
            if (step is Step.Ask ask)
            {
                var names = ask.Experts.Select(expert => expert.Name).ToArray();
                gathering.Ask(names);
                await AskAsync(context, names);
                if (!asked)
                {
                    asked = true;
                    shadowed(shadows.AskAsync(context, gathering));
                }
            }
            else if (step is Step.Wait wait)
            {
                await gathering.WaitAsync(wait.Until - time.GetUtcNow(), time, context.CancellationToken);
            }
        }

        var (now, replies) = (time.GetUtcNow(), gathering.Close());
        if (replies.Count == 0 && (!asked || now > fuse.Deadline + TooLate))
        {
            // It was late before anybody was asked, or this process stood still. That is no answer of the experts: the watchdog sends it anew.
            return null;
        }

        using var span = Traces.Start("multimodal.combine", fuse.RequestId);
        var assembly = new AnswerAssembly(
            fuse, ensemble.Package.Labels, rule, replies, course.Asked, inTime: now < fuse.Deadline, version, ensemble.LabelsFingerprint);
        return new AnswerCombined
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
    }

    /// <summary>
    /// The rule of the version that made the plan. While a version comes or goes, a gateway may have read the files before or after this process
    /// has: then the promoted version's rule fuses, and the answer says so.
    /// </summary>
    private (string Version, IFusionRule Rule) RuleOf(Ensemble ensemble, Fuse fuse)
    {
        if (ensemble.FindVersion(fuse.Plan.GateVersion) is { } version && version.Rules.TryGetValue(fuse.Plan.Fusion, out var rule))
        {
            return (version.Name, rule);
        }

        LogOtherVersion(fuse.Plan.GateVersion, ensemble.Gate.Version, fuse.RequestId);
        return (ensemble.Gate.Version, ensemble.Rules.GetValueOrDefault(fuse.Plan.Fusion) ?? ensemble.Rules[ensemble.Package.Defaults.Fusion]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no version {Planned} of gate and combiner here, or not with that rule; version {Used} fuses request {RequestId}.")]
    private partial void LogOtherVersion(string planned, string used, Guid requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} was due at {Deadline} and nobody has been heard; it is left to the watchdog.")]
    private partial void LogTooLate(Guid requestId, DateTimeOffset deadline);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is being combined here already; its missing experts are asked again.")]
    private partial void LogAlreadyOpen(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is {Status}: {Opinions} of {Asked} experts gave an opinion.")]
    private partial void LogCombined(Guid requestId, AnswerStatus status, int opinions, int asked);
}
