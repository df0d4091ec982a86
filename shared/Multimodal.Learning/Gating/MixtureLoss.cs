using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>The two losses of a gate with fixed experts. Each adds its gradient and returns its value, in nats.</summary>
internal static class MixtureLoss
{
    // Bounds the cost of a confident mistake: the gate should prefer the expert that is correct more often.
    private const double MaxCost = 4;

    /// <summary>c = -ln p(y), at most 4.</summary>
    public static double Cost(double logLikelihood) => Math.Min(-logLikelihood, MaxCost);

    /// <summary>
    /// -ln sum_i g_i p_i(y), g the softmax over the marked logits (Jacobs et al. 1991). dL/ds_i = g_i - h_i with the responsibilities
    /// h_i = g_i p_i(y) / sum_j g_j p_j(y).
    /// </summary>
    /// <param name="logits">s, one per expert.</param>
    /// <param name="logLikelihoods">ln p_i(y), one per expert.</param>
    /// <param name="marked">Which experts count.</param>
    /// <param name="gradient">dL/ds is added to it.</param>
    public static double AddLikelihood(
        ReadOnlySpan<double> logits, ReadOnlySpan<double> logLikelihoods, ReadOnlySpan<bool> marked, Span<double> gradient)
    {
        Span<double> prior = stackalloc double[logits.Length];
        Span<double> joint = stackalloc double[logits.Length];
        for (var e = 0; e < marked.Length; e++)
        {
            prior[e] = marked[e] ? logits[e] : double.NegativeInfinity;
            joint[e] = marked[e] ? logits[e] + logLikelihoods[e] : double.NegativeInfinity;
        }

        var loss = LogSpace.LogSumExp(prior) - LogSpace.LogSumExp(joint);
        LogSpace.Softmax(prior, prior);
        LogSpace.Softmax(joint, joint);
        for (var e = 0; e < marked.Length; e++)
        {
            gradient[e] += prior[e] - joint[e];
        }

        return loss;
    }

    /// <summary>
    /// C = sum_i g_i c_i: the expected cost of asking one of the marked experts, drawn by the gate (the stochastic selector of Jacobs et
    /// al. 1991, equation 1.2). dC/ds_i = g_i (c_i - C).
    /// </summary>
    /// <param name="logits">s, one per expert.</param>
    /// <param name="logLikelihoods">ln p_i(y), one per expert.</param>
    /// <param name="marked">Which experts count.</param>
    /// <param name="weight">Weight of the loss.</param>
    /// <param name="gradient">The weighted dC/ds is added to it.</param>
    public static double AddExpectedCost(
        ReadOnlySpan<double> logits, ReadOnlySpan<double> logLikelihoods, ReadOnlySpan<bool> marked, double weight, Span<double> gradient)
    {
        Span<double> prior = stackalloc double[logits.Length];
        for (var e = 0; e < marked.Length; e++)
        {
            prior[e] = marked[e] ? logits[e] : double.NegativeInfinity;
        }

        LogSpace.Softmax(prior, prior);
        double expected = 0;
        for (var e = 0; e < marked.Length; e++)
        {
            expected += prior[e] * Cost(logLikelihoods[e]);
        }

        for (var e = 0; e < marked.Length; e++)
        {
            gradient[e] += weight * prior[e] * (Cost(logLikelihoods[e]) - expected);
        }

        return weight * expected;
    }
}
