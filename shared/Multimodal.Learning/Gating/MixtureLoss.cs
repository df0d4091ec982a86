using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>The two ways of judging a choice with frozen experts; each adds its gradient and returns its loss.</summary>
internal static class MixtureLoss
{
    // Being wrong costs no more for being very sure of it: the choice is about who is right more often.
    private const double MostCost = 4;

    /// <summary>c = -ln p(y), held at 4.</summary>
    public static double Cost(double evidence) => Math.Min(-evidence, MostCost);

    /// <summary>
    /// -ln sum_i g_i p_i(y), g the softmax over those marked (Jacobs et al. 1991): dL/ds_i = g_i - h_i with the responsibilities
    /// h_i = g_i p_i(y) / sum_j g_j p_j(y).
    /// </summary>
    public static double AddLikelihood(ReadOnlySpan<double> logits, ReadOnlySpan<double> evidence, ReadOnlySpan<bool> among, Span<double> gradient)
    {
        Span<double> prior = stackalloc double[logits.Length];
        Span<double> joint = stackalloc double[logits.Length];
        for (var e = 0; e < among.Length; e++)
        {
            prior[e] = among[e] ? logits[e] : double.NegativeInfinity;
            joint[e] = among[e] ? logits[e] + evidence[e] : double.NegativeInfinity;
        }

        var loss = LogSpace.LogSumExp(prior) - LogSpace.LogSumExp(joint);
        LogSpace.Softmax(prior, prior);
        LogSpace.Softmax(joint, joint);
        for (var e = 0; e < among.Length; e++)
        {
            gradient[e] += prior[e] - joint[e];
        }

        return loss;
    }

    /// <summary>
    /// sum_i g_i c_i, c_i = -ln p_i(y) held at 4: the expected cost of asking one of those marked, drawn by the gate (the
    /// stochastic selector of Jacobs et al. 1991, equation 1.2). dC/ds_i = g_i (c_i - C).
    /// </summary>
    public static double AddExpectedCost(
        ReadOnlySpan<double> logits, ReadOnlySpan<double> evidence, ReadOnlySpan<bool> among, double weight, Span<double> gradient)
    {
        Span<double> prior = stackalloc double[logits.Length];
        for (var e = 0; e < among.Length; e++)
        {
            prior[e] = among[e] ? logits[e] : double.NegativeInfinity;
        }

        LogSpace.Softmax(prior, prior);
        double expected = 0;
        for (var e = 0; e < among.Length; e++)
        {
            expected += prior[e] * Cost(evidence[e]);
        }

        for (var e = 0; e < among.Length; e++)
        {
            gradient[e] += weight * prior[e] * (Cost(evidence[e]) - expected);
        }

        return weight * expected;
    }
}
