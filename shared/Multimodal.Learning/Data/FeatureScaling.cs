namespace Multimodal.Learning.Data;

/// <summary>How raw features become a model's input: z = (x - mean) / scale, clipped; fitted once, then part of the learned state.</summary>
public sealed record FeatureScaling
{
    /// <summary>Standardised features are clipped to plus or minus this many deviations: an unclipped one can rule the gate.</summary>
    public const double ClipAt = 6;

    /// <summary>Feature names, in the order of the input.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Which features belong to which modality; disjoint, need not cover all features.</summary>
    public required IReadOnlyList<ModalityBlock> Blocks { get; init; }

    /// <summary>Mean per feature over the examples in which it is present; 0 at presence features.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Standard deviation per feature; 0 marks one that is ignored, as constants are; 1 at presence features.</summary>
    public required IReadOnlyList<double> Scale { get; init; }

    /// <summary>Fits mean and deviation (Welford 1962) over present, finite values.</summary>
    /// <param name="features">Feature names.</param>
    /// <param name="blocks">Modality blocks.</param>
    /// <param name="inputs">Raw feature vectors, each as long as <paramref name="features"/>.</param>
    public static FeatureScaling Fit(
        IReadOnlyList<string> features, IReadOnlyList<ModalityBlock> blocks, IEnumerable<ReadOnlyMemory<float>> inputs)
    {
        var presence = PresenceOf(features.Count, blocks);
        var count = new double[features.Count];
        var mean = new double[features.Count];
        var squares = new double[features.Count];
        foreach (var input in inputs)
        {
            var x = input.Span;
            for (var f = 0; f < x.Length; f++)
            {
                if (float.IsFinite(x[f]) && (presence[f] < 0 || x[presence[f]] >= 0.5f))
                {
                    count[f]++;
                    var delta = x[f] - mean[f];
                    mean[f] += delta / count[f];
                    squares[f] += delta * (x[f] - mean[f]);
                }
            }
        }

        var scale = new double[features.Count];
        for (var f = 0; f < features.Count; f++)
        {
            var isPresence = presence[f] == f;
            var deviation = count[f] > 1 ? Math.Sqrt(squares[f] / count[f]) : 0;
            var varies = deviation > 1e-6 * Math.Max(1e-3, Math.Abs(mean[f]));
            mean[f] = isPresence ? 0 : mean[f];
            scale[f] = isPresence ? 1 : varies ? deviation : 0;
        }

        return new FeatureScaling { Features = features, Blocks = blocks, Mean = mean, Scale = scale };
    }

    /// <summary>The same, blind to every feature whose name begins with one of the prefixes.</summary>
    public FeatureScaling Without(IReadOnlyList<string> prefixes) => this with
    {
        Scale = [.. Scale.Select((scale, f) => prefixes.Any(prefix => Features[f].StartsWith(prefix, StringComparison.Ordinal)) ? 0 : scale)],
    };

    /// <summary>For each feature the position of its block's presence feature, or -1.</summary>
    internal static int[] PresenceOf(int featureCount, IReadOnlyList<ModalityBlock> blocks)
    {
        var presence = new int[featureCount];
        Array.Fill(presence, -1);
        foreach (var block in blocks)
        {
            Array.Fill(presence, block.Offset, block.Offset, block.Length);
        }

        return presence;
    }

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in StateJson.CheckNames("features", Features)
            .Concat(StateJson.CheckNumbers("mean", Mean, Features.Count))
            .Concat(StateJson.CheckNumbers("scale", Scale, Features.Count)))
        {
            yield return problem;
        }

        if (Scale.Any(s => s < 0))
        {
            yield return "scale holds a negative number.";
        }

        var end = 0;
        foreach (var block in Blocks.OrderBy(b => b.Offset))
        {
            if (block.Length < 1 || block.Offset < end || block.Offset + (long)block.Length > Features.Count)
            {
                yield return $"The block of {block.Modality} is empty, overlaps another or reaches past the features.";
                yield break;
            }

            end = block.Offset + block.Length;
        }
    }
}
