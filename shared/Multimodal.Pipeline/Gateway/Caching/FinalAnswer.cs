using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>
/// Decides whether an answer can be used again: experts would give it again, because nothing was missing and all processes had the same files.
/// </summary>
internal static class FinalAnswer
{
    private static readonly string NoWorker = JsonFormat.Kebab(SkipReason.NoWorker);
    private static readonly string Overloaded = JsonFormat.Kebab(SkipReason.Overloaded);

    /// <summary>Whether an answer is final.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="ensemble">The ensemble that planned the request.</param>
    public static bool Is(FusedAnswer answer, Ensemble ensemble) =>
        IsComplete(answer) && answer.Cached is null && answer.Experts.All(expert => expert.Shadow || IsOf(ensemble, expert));

    /// <summary>Whether every expert that was asked has answered or has nothing to judge, and plan and fusion are of the same version.</summary>
    private static bool IsComplete(FusedAnswer answer) => answer.Status switch
    {
        AnswerStatus.Completed => answer.Fusion.Version == answer.Gate.Version,
        AnswerStatus.Undecided => true,
        _ => false,
    };

    private static bool IsOf(Ensemble ensemble, ExpertReport expert) => expert.State switch
    {
        ExpertState.Answered => ensemble.Experts.TryGetValue(expert.Name, out var package) && package.Version == expert.Version,
        ExpertState.Skipped => expert.Reason != NoWorker && expert.Reason != Overloaded,
        _ => true,
    };
}
