namespace Multimodal.Learning.Online;

/// <summary>The opinions of one prediction in a state's order of experts; asleep is awake 0, weight 0 and no opinion.</summary>
internal sealed class OnlineOpinions
{
    private OnlineOpinions(double[] awake, double[] weights, double[]?[] values) => (Awake, Weights, Values) = (awake, weights, values);

    public double[] Awake { get; }

    /// <summary>Sums to one over who is awake.</summary>
    public double[] Weights { get; }

    public double[]?[] Values { get; }

    public int Count => Awake.Length;

    public bool AnyAwake => Awake.AsSpan().ContainsAnyExcept(0.0);

    /// <summary>Length of every opinion; 0 when nobody is awake.</summary>
    public int Length => Values.FirstOrDefault(v => v is not null)?.Length ?? 0;

    /// <summary>Joins by name: experts that the prediction did not know are asleep, those the state does not know are left out.</summary>
    public static OnlineOpinions Join(IReadOnlyList<string> experts, OnlinePrediction prediction, IOnlineLoss loss)
    {
        var positions = prediction.Experts.Index().ToDictionary(e => e.Item, e => e.Index, StringComparer.Ordinal);
        int[] at = [.. experts.Select(expert => positions.GetValueOrDefault(expert, -1))];
        var opinions = Create(
            [.. at.Select(p => p < 0 ? 0 : prediction.Awake[p])], [.. at.Select(p => p < 0 ? null : prediction.Opinions[p])], loss);
        for (var e = 0; e < at.Length; e++)
        {
            opinions.Weights[e] = opinions.Awake[e] > 0 ? prediction.Weights[at[e]] : 0;
        }

        if (opinions.AnyAwake)
        {
            opinions.ShareEvenlyIfNone();
        }

        return opinions;
    }

    /// <summary>Opinions without weights yet.</summary>
    /// <exception cref="ArgumentException">They do not fit each other, or awake is outside [0, 1].</exception>
    public static OnlineOpinions Create(IReadOnlyList<double> awake, IReadOnlyList<IReadOnlyList<double>?> opinions, IOnlineLoss loss)
    {
        if (awake.Count != opinions.Count || awake.Any(a => a is not (>= 0 and <= 1)))
        {
            throw new ArgumentException("Awake is one number in [0, 1] per opinion.", nameof(awake));
        }

        double[]?[] values = [.. opinions.Select((opinion, e) => opinion is null || awake[e] == 0 ? null : loss.Prepare(opinion))];
        int[] lengths = [.. values.OfType<double[]>().Select(v => v.Length).Distinct()];
        return lengths.Length <= 1
            ? new OnlineOpinions([.. awake.Select((a, e) => values[e] is null ? 0 : a)], new double[awake.Count], values)
            : throw new ArgumentException("The opinions are over different labels.", nameof(opinions));
    }

    // The combination is a mixture of who was awake: what an expert that has left since weighed is spread over the others.
    private void ShareEvenlyIfNone()
    {
        var sum = Weights.Sum();
        for (var e = 0; e < Weights.Length; e++)
        {
            Weights[e] = sum > 0 ? Weights[e] / sum : Awake[e] / Awake.Sum();
        }
    }
}
