using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Experts;

/// <summary>The result of an expert for one item: an opinion, or the reason why it declined.</summary>
public abstract record ExpertOutcome
{
    private ExpertOutcome()
    {
    }

    /// <summary>The expert has an opinion.</summary>
    /// <param name="LogProbabilities">Calibrated natural log-probabilities, one per label of the package; finite.</param>
    /// <param name="Timings">The durations of the stages.</param>
    public sealed record Answered(double[] LogProbabilities, StageTimings Timings) : ExpertOutcome;

    /// <summary>The expert declined the item.</summary>
    /// <param name="Reason">The reason.</param>
    /// <param name="Detail">What is wrong, one sentence; never payload.</param>
    public sealed record Declined(DeclineReason Reason, string Detail) : ExpertOutcome;
}
