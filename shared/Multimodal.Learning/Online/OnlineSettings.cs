namespace Multimodal.Learning.Online;

/// <summary>What a learner may be told; each reads only what concerns it. The defaults follow from theory, not from any data set.</summary>
public sealed record OnlineSettings
{
    /// <summary>
    /// Learning rate of <c>hedge</c> and <c>fixed-share</c>, above 0. Null takes the loss's own where it has one (1 for <c>log</c>,
    /// which is optimal there), else sqrt(ln N / sum_t max_i r_ti^2), which needs neither scale nor horizon.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>
    /// Share of the weight that <c>fixed-share</c> and <c>moe-f</c> spread again at each feedback, in [0, 1): 1/50 expects another
    /// expert to be best after about fifty feedbacks.
    /// </summary>
    public double Share { get; init; } = 0.02;

    /// <summary>How sharply <c>moe-f</c> prefers the filters that forecast well (lambda in its Gibbs weights), at least 0.</summary>
    public double Gibbs { get; init; } = 1;

    internal IEnumerable<string> Problems()
    {
        if (Rate is { } rate && (!(rate > 0) || !double.IsFinite(rate)))
        {
            yield return "rate is not above 0.";
        }

        if (!(Share >= 0 && Share < 1))
        {
            yield return "share is not in [0, 1).";
        }

        if (!(Gibbs >= 0) || !double.IsFinite(Gibbs))
        {
            yield return "gibbs is not at least 0.";
        }
    }
}
