namespace Multimodal.Learning.Fusion;

/// <summary>A fused distribution and who made it.</summary>
public sealed record FusedOpinion
{
    /// <summary>Natural-log probabilities; exp sums to one.</summary>
    public required double[] LogProbabilities { get; init; }

    /// <summary>Position of the largest probability; the lowest position among equals.</summary>
    public required int Label { get; init; }

    /// <summary>The rule's own weight per opinion, in the order given; non-negative, sum one.</summary>
    public required double[] Weights { get; init; }

    /// <summary>
    /// Each opinion's exact share of the support for <see cref="Label"/>, in the rule's own scale (docs/learning-reference.md).
    /// </summary>
    public required double[] Contributions { get; init; }
}
