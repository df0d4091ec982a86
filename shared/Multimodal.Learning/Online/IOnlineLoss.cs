namespace Multimodal.Learning.Online;

/// <summary>
/// Scores forecasts against the truth, which is the index of a label, or a value for <c>square</c>. One class per loss, found by name in
/// <see cref="OnlineLosses"/>.
/// </summary>
internal interface IOnlineLoss
{
    string Name { get; }

    /// <summary>The learning rate that is optimal for its differences of losses; null if only the gradient form is used.</summary>
    double? Rate { get; }

    /// <summary>A normalised copy of an opinion; null if the opinion cannot be used.</summary>
    double[]? Prepare(IReadOnlyList<double> opinion);

    /// <summary>The combination of the opinions with the weights, whose sum is 1. Experts without an opinion have weight 0.</summary>
    double[] Combine(OnlineOpinions opinions);

    /// <summary>
    /// The regret of the combination against each opinion. With <paramref name="gradient"/>, the derivative of the loss at the combination
    /// times (combination - opinion), which bounds the regret against the best mixture instead of the best expert (Cesa-Bianchi and Lugosi
    /// 2006, section 2.5). Otherwise loss(combination) - loss(opinion).
    /// </summary>
    /// <param name="opinions">The opinions with their weights.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="gradient">Whether to use the gradient form.</param>
    /// <param name="regrets">One per expert; overwritten.</param>
    void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets);

    /// <summary>ln of the probability that the opinion gave to a truth; of the density, for values.</summary>
    /// <param name="opinion">The opinion.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="variance">Variance of values around an opinion; not used for labels.</param>
    double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance);

    /// <summary>Squared error of the combination, to estimate a variance; 0 for labels.</summary>
    double SquaredError(OnlineOpinions opinions, double truth);

    /// <summary>All truths with the same loss for the opinion, including the given one.</summary>
    IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth);

    /// <exception cref="ArgumentOutOfRangeException">The truth does not fit opinions of this length.</exception>
    void Check(double truth, int length);
}
