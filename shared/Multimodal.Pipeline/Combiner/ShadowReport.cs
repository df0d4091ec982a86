using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Numerics;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Builds the reports and records of shadow experts.</summary>
internal static class ShadowReport
{
    /// <summary>Builds the report of one shadow expert.</summary>
    /// <param name="shadow">The expert as planned.</param>
    /// <param name="reply">Its reply; null if none was received in time.</param>
    /// <param name="labels">The ensemble's labels.</param>
    public static ExpertReport Of(ShadowExpert shadow, Reply? reply, IReadOnlyList<string> labels)
    {
        var report = new ExpertReport { Name = shadow.Name, Modality = shadow.Modality, Shadow = true, State = ExpertState.Late };
        if (shadow.Skipped is { } reason)
        {
            return report with { State = ExpertState.Skipped, Reason = JsonFormat.Kebab(reason) };
        }

        if (reply?.Declined is { } declined)
        {
            return report with { State = ExpertState.Declined, Reason = JsonFormat.Kebab(declined.Reason), Detail = declined.Detail };
        }

        if (reply is not { Answered: { } answered })
        {
            return report;
        }

        report = report with { Timings = answered.Timings, Version = answered.Version, Device = answered.Device };
        if (Opinion(shadow.Name, reply.Value, labels) is not { } opinion)
        {
            return report with { State = ExpertState.Declined, Reason = JsonFormat.Kebab(DeclineReason.ModelFailed), Detail = AnswerAssembly.UnusableOpinion };
        }

        return report with { State = ExpertState.Answered, Label = opinion.Label, Score = Math.Min(1, Math.Exp(opinion.LogProbabilities.Max())), Contribution = 0 };
    }

    /// <summary>The opinion to record; null for a refusal, and for an opinion that does not match the labels.</summary>
    public static ShadowOpinion? Opinion(string expert, Reply reply, IReadOnlyList<string> labels) =>
        reply.Opinion(labels.Count) is { } opinion ? new ShadowOpinion(expert, labels[Distribution.ArgMax([.. opinion])], opinion) : null;
}
