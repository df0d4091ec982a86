using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Experts;

/// <summary>What an expert made of one item: an opinion or a refusal.</summary>
public abstract record ExpertOutcome
{
    private ExpertOutcome()
    {
    }

    /// <summary>An opinion.</summary>
    /// <param name="LogProbabilities">Calibrated natural-log probabilities, one per label of the package; finite.</param>
    /// <param name="Timings">Where the time went.</param>
    public sealed record Answered(double[] LogProbabilities, StageTimings Timings) : ExpertOutcome;

    /// <summary>A refusal.</summary>
    /// <param name="Reason">From a closed set.</param>
    /// <param name="Detail">One sentence for a person; never payload.</param>
    public sealed record Declined(DeclineReason Reason, string Detail) : ExpertOutcome;
}
