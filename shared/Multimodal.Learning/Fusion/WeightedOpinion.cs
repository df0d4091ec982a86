namespace Multimodal.Learning.Fusion;

/// <summary>The opinion of one expert with its gate weight.</summary>
/// <param name="Expert">Name of the expert.</param>
/// <param name="Weight">The gate's weight in [0, 1]. Rules normalise the weights over the given opinions.</param>
/// <param name="LogProbabilities">ln p per label, calibrated and finite; not modified.</param>
public sealed record WeightedOpinion(string Expert, double Weight, IReadOnlyList<double> LogProbabilities)
{
    /// <summary>Trust in the expert, in [0, 1]. Every rule discounts the opinion by it before fusing (<see cref="Discounting"/>).</summary>
    public double Trust { get; init; } = 1;
}
