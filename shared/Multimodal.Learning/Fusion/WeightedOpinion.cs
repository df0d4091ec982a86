namespace Multimodal.Learning.Fusion;

/// <summary>One expert's opinion with the gate's weight for it.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="Weight">The gate's weight in [0, 1]; the rule renormalises over the opinions at hand.</param>
/// <param name="LogProbabilities">Calibrated natural-log probabilities; finite; not modified.</param>
public sealed record WeightedOpinion(string Expert, double Weight, IReadOnlyList<double> LogProbabilities)
{
    /// <summary>How far the expert is believed, in [0, 1]: every rule fuses the opinion discounted by it (<see cref="Discounting"/>).</summary>
    public double Trust { get; init; } = 1;
}
