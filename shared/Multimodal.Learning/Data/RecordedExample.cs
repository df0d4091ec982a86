namespace Multimodal.Learning.Data;

/// <summary>A labelled request with the recorded opinions of the experts.</summary>
/// <param name="Features">The gate's features, unscaled; not modified.</param>
/// <param name="Label">Index of the true label.</param>
/// <param name="Opinions">Per expert, ln p per label, calibrated, or null without an opinion; not modified.</param>
public sealed record RecordedExample(float[] Features, int Label, IReadOnlyList<double[]?> Opinions)
{
    /// <summary>One entry per expert: whether its opinion was recorded.</summary>
    public bool[] HasOpinion() => [.. Opinions.Select(opinion => opinion is not null)];
}
