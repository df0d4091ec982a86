namespace Multimodal.Learning.Data;

/// <summary>One labelled input.</summary>
/// <param name="Features">The gate's features, unscaled; not modified.</param>
/// <param name="Label">Position of the true label.</param>
/// <param name="Opinions">Per expert its calibrated natural-log probabilities, or null when it gave none; not modified.</param>
public sealed record RecordedExample(float[] Features, int Label, IReadOnlyList<double[]?> Opinions)
{
    /// <summary>One entry per expert: whether its opinion was recorded.</summary>
    public bool[] HasOpinion() => [.. Opinions.Select(opinion => opinion is not null)];
}
