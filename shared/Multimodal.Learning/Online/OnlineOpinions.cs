namespace Multimodal.Learning.Online;

/// <summary>
/// The opinions of one prediction in the order of a state's experts. A sleeping expert has awake 0, weight 0 and no opinion.
/// </summary>
internal sealed class OnlineOpinions
{
    private OnlineOpinions(double[] awake, double[] weights, double[]?[] values) => (Awake, Weights, Values) = (awake, weights, values);

    public double[] Awake { get; }

    /// <summary>The sum over the awake experts is 1.</summary>
    public double[] Weights { get; }

    public double[]?[] Values { get; }

    public int Count => Awake.Length;

    public bool AnyAwake => Awake.AsSpan().ContainsAnyExcept(0.0);

    /// <summary>Length of every opinion; 0 if no expert is awake.</summary>
    public int Length => Values.FirstOrDefault(v => v is not null)?.Length ?? 0;

    /// <summary>
    /// Matches a prediction with a state by name: experts that only the state has are asleep, experts that only the prediction has are left
    /// out.
    /// </summary>
    public static OnlineOpinions Join(IReadOnlyList<string> experts, OnlinePrediction prediction, IOnlineLoss loss)
    {
        var indices = prediction.Experts.Index().ToDictionary(e => e.Item, e => e.Index, StringComparer.Ordinal);
        int[] positions = [.. experts.Select(expert => indices.GetValueOrDefault(expert, -1))];
        var opinions = Create(
            [.. positions.Select(p => p < 0 ? 0 : prediction.Awake[p])], [.. positions.Select(p => p < 0 ? null : prediction.Opinions[p])], loss);
        for (var e = 0; e < positions.Length; e++)
        {
            opinions.Weights[e] = opinions.Awake[e] > 0 ? prediction.Weights[positions[e]] : 0;
        }

        if (opinions.AnyAwake)
        {
            opinions.NormaliseWeights();
        }

        return opinions;
    }

    /// <summary>Opinions without weights.</summary>
    /// <exception cref="ArgumentException">The sizes do not match, or awake is outside [0, 1].</exception>
    public static OnlineOpinions Create(IReadOnlyList<double> awake, IReadOnlyList<IReadOnlyList<double>?> opinions, IOnlineLoss loss)
    {
        if (awake.Count != opinions.Count || awake.Any(a => a is not (>= 0 and <= 1)))
        {
            throw new ArgumentException($"awake must be {opinions.Count} numbers in [0, 1], one per opinion.", nameof(awake));
        }

        double[]?[] values = [.. opinions.Select((opinion, e) => opinion is null || awake[e] == 0 ? null : loss.Prepare(opinion))];
        int[] lengths = [.. values.OfType<double[]>().Select(v => v.Length).Distinct()];
        return lengths.Length <= 1
            ? new OnlineOpinions([.. awake.Select((a, e) => values[e] is null ? 0 : a)], new double[awake.Count], values)
            : throw new ArgumentException("The opinions have different numbers of labels.", nameof(opinions));
    }

    // Spreads the weights of removed experts over the others.
    private void NormaliseWeights()
    {
        var sum = Weights.Sum();
        for (var e = 0; e < Weights.Length; e++)
        {
            Weights[e] = sum > 0 ? Weights[e] / sum : Awake[e] / Awake.Sum();
        }
    }
}
