namespace Multimodal.Learning.Fusion;

/// <summary>A fused distribution, with the part of each opinion in it.</summary>
public sealed record FusedOpinion
{
    /// <summary>ln p per label, normalised.</summary>
    public required double[] LogProbabilities { get; init; }

    /// <summary>Index of the largest probability; of equal ones, the first.</summary>
    public required int Label { get; init; }

    /// <summary>The rule's own weight of each opinion, in the given order; at least 0, with sum 1.</summary>
    public required double[] Weights { get; init; }

    /// <summary>
    /// The exact part of each opinion in the support for <see cref="Label"/>, in the given order and in the rule's own scale
    /// (docs/learning-reference.md).
    /// </summary>
    public required double[] Contributions { get; init; }
}
