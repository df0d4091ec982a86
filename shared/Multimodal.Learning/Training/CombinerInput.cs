namespace Multimodal.Learning.Training;

/// <summary>One example as the learned rule sees it.</summary>
/// <param name="set">The examples.</param>
/// <param name="example">Index of the example.</param>
/// <param name="features">Its standardised features, after dropout.</param>
/// <param name="weights">One gate weight per expert; 0 for an expert that was not asked.</param>
internal readonly ref struct CombinerInput(PreparedSet set, int example, ReadOnlySpan<double> features, ReadOnlySpan<double> weights)
{
    public PreparedSet Set { get; } = set;

    public int Example { get; } = example;

    public ReadOnlySpan<double> Features { get; } = features;

    public ReadOnlySpan<double> Weights { get; } = weights;
}
