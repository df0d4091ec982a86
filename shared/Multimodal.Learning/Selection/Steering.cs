namespace Multimodal.Learning.Selection;

/// <summary>
/// What influences a selection besides the gate and the availability of the experts. Arrays hold one entry per expert of the gate.
/// </summary>
public sealed record Steering
{
    /// <summary>Added to the logits for selecting, never for weighting; null for none. See <see cref="Candidates.Bias"/>.</summary>
    public double[]? Bias { get; init; }

    /// <summary>True for an expert whose queue is at capacity; null for none. See <see cref="Candidates.Full"/>.</summary>
    public bool[]? Full { get; init; }

    /// <summary>Cost of running each expert, at least 0, in the unit of <see cref="Budget"/>; null for no costs.</summary>
    public double[]? Costs { get; init; }

    /// <summary>Maximum total cost of the selected experts.</summary>
    public double Budget { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Trust in each expert, in (0, 1], from feedback; null for full trust. ln(trust) is added to the logit, which multiplies the expert's
    /// weight by its trust before normalisation.
    /// </summary>
    public double[]? Trust { get; init; }
}
