using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Evaluation;

/// <summary>One replayed answer.</summary>
/// <param name="GateWeights">Per expert the weight it was asked with; 0 for who was not.</param>
/// <param name="LogProbabilities">The fused natural-log probabilities.</param>
public sealed record ReplayedAnswer(double[] GateWeights, double[] LogProbabilities)
{
    /// <summary>Position of the favourite label.</summary>
    public int Label { get; } = Distribution.ArgMax(LogProbabilities);
}
