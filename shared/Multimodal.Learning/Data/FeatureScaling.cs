namespace Multimodal.Learning.Data;

/// <summary>
/// Scaling of raw features to the input of a model, z = (x - mean) / scale, clipped. Fitted once and stored in the model's state.
/// </summary>
public sealed record FeatureScaling
{
    /// <summary>Bound of the standardised features, in standard deviations, so that a single extreme feature does not dominate.</summary>
    public const double ClipAt = 6;

    /// <summary>Names of the features, in the order of the input.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The features of each modality. Blocks are disjoint and need not cover all features.</summary>
    public required IReadOnlyList<ModalityBlock> Blocks { get; init; }

    /// <summary>Mean of each feature over the examples with its modality; 0 for presence features.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Standard deviation of each feature; 0 for constant and ignored features; 1 for presence features.</summary>
    public required IReadOnlyList<double> Scale { get; init; }

    /// <summary>Fits mean and standard deviation over finite values of present modalities (Welford 1962).</summary>
    /// <param name="features">Names of the features.</param>
    /// <param name="blocks">The features of each modality.</param>
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

    /// <summary>The same scaling without the features whose name begins with one of the prefixes.</summary>
    public FeatureScaling Without(IReadOnlyList<string> prefixes) => this with
    {
        Scale =
        [
            .. Scale.Select((scale, f) => prefixes.Any(prefix => Features[f].StartsWith(prefix, StringComparison.Ordinal)) ? 0 : scale),
        ],
    };

    /// <summary>For each feature, the index of the presence feature of its block, or -1.</summary>
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
            yield return "scale must be at least 0.";
        }

        var end = 0;
        foreach (var block in Blocks.OrderBy(b => b.Offset))
        {
            if (block.Length < 1 || block.Offset < end || block.Offset + (long)block.Length > Features.Count)
            {
                yield return $"The block of {block.Modality} is empty, overlaps another block or reaches past the features.";
                yield break;
            }

            end = block.Offset + block.Length;
        }
    }
}
