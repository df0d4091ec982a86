namespace Multimodal.Learning.Online;

/// <summary>How a truth judges forecasts. A truth is a label's position, or a value for <c>square</c>.</summary>
internal interface IOnlineLoss
{
    string Name { get; }

    /// <summary>The learning rate that is right for its untouched regrets; null when only its gradient is used.</summary>
    double? Rate { get; }

    /// <summary>A usable copy of an opinion, or null when it cannot be used.</summary>
    double[]? Prepare(IReadOnlyList<double> opinion);

    /// <summary>The opinions combined by weights that sum to one; weights of 0 have no opinion.</summary>
    double[] Combine(OnlineOpinions opinions);

    /// <summary>
    /// How much better each opinion did than the combination. With <paramref name="gradient"/>: the derivative of the loss at the
    /// combination times (combination - opinion), which turns being as good as the best expert into being as good as the best mixture
    /// (Cesa-Bianchi and Lugosi 2006, section 2.5). Otherwise loss(combination) - loss(opinion).
    /// </summary>
    void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets);

    /// <summary>ln of the probability (density, for values) that the opinion gave to a truth.</summary>
    /// <param name="opinion">One opinion.</param>
    /// <param name="truth">A truth.</param>
    /// <param name="variance">Variance of values about an opinion; labels do not need it.</param>
    double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance);

    /// <summary>Squared error of the combination, from which a variance is estimated; 0 for labels.</summary>
    double SquaredError(OnlineOpinions opinions, double truth);

    /// <summary>Every truth that would have given the opinion the same loss as this one; the truth itself is among them.</summary>
    IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth);

    /// <exception cref="ArgumentOutOfRangeException">Not a truth about such opinions.</exception>
    void Check(double truth, int length);
}
