using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Evaluation;

/// <summary>The answer to one replayed request.</summary>
/// <param name="GateWeights">One weight per expert in [0, 1]; 0 for an expert that was not asked.</param>
/// <param name="LogProbabilities">ln p per label of the fused answer.</param>
public sealed record ReplayedAnswer(double[] GateWeights, double[] LogProbabilities)
{
    /// <summary>Index of the most probable label.</summary>
    public int Label { get; } = Distribution.ArgMax(LogProbabilities);
}
