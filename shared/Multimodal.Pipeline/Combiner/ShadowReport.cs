using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Numerics;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Combiner;

/// <summary>What an answer says about experts in shadow, apart from all that it rests on.</summary>
internal static class ShadowReport
{
    /// <summary>One expert's part.</summary>
    /// <param name="shadow">What was planned.</param>
    /// <param name="reply">What came in time; null when nothing did.</param>
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
            return report with { State = ExpertState.Declined, Reason = JsonFormat.Kebab(DeclineReason.ModelFailed), Detail = AnswerAssembly.Unfit };
        }

        return report with { State = ExpertState.Answered, Label = opinion.Label, Score = Math.Min(1, Math.Exp(opinion.LogProbabilities.Max())), Contribution = 0 };
    }

    /// <summary>What is recorded; null for a refusal, or for what does not fit the labels.</summary>
    public static ShadowOpinion? Opinion(string expert, Reply reply, IReadOnlyList<string> labels) =>
        reply.Opinion(labels.Count) is { } opinion ? new ShadowOpinion(expert, labels[Distribution.ArgMax([.. opinion])], opinion) : null;
}
