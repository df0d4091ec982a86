namespace Multimodal.Learning.Online;

/// <summary>Settings of an online learner; each learner reads its own. The defaults follow from theory, not from a data set.</summary>
public sealed record OnlineSettings
{
    /// <summary>
    /// Learning rate of <c>hedge</c> and <c>fixed-share</c>, above 0. Null uses the rate of the loss if it has one (1 for <c>log</c>, which
    /// is optimal), else sqrt(ln N / sum_t max_i r_ti^2), which adapts to scale and horizon.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>
    /// Share of the weight, in [0, 1), that <c>fixed-share</c> and <c>moe-f</c> redistribute at each feedback. 1/50 suits a best expert
    /// that changes about every fifty feedbacks.
    /// </summary>
    public double Share { get; init; } = 0.02;

    /// <summary>
    /// lambda of the Gibbs weights of <c>moe-f</c>, at least 0; larger values prefer the filters with the best forecasts more.
    /// </summary>
    public double Gibbs { get; init; } = 1;

    internal IEnumerable<string> Problems()
    {
        if (Rate is { } rate && (!(rate > 0) || !double.IsFinite(rate)))
        {
            yield return "rate must be above 0.";
        }

        if (!(Share >= 0 && Share < 1))
        {
            yield return "share must be in [0, 1).";
        }

        if (!(Gibbs >= 0) || !double.IsFinite(Gibbs))
        {
            yield return "gibbs must be at least 0.";
        }
    }
}
