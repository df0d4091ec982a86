using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// How evenly work is spread over a batch. An expert can only be asked where its modality was sent, so everything is counted relative to
/// what a fair draw among those that could be asked would give it, u_i = sum_x [i could be asked] / (number that could be); where all
/// can always be asked that is an equal share for each, and the formulas are those of the papers.
/// </summary>
internal static class LoadBalance
{
    /// <summary>u: how many of the batch's examples a fair draw of one expert each would give to each.</summary>
    public static double[] FairShares(GateBatch batch)
    {
        var shares = new double[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            ReadOnlySpan<bool> given = batch.HasOpinion(n);
            var count = given.Count(true);
            for (var e = 0; e < shares.Length; e++)
            {
                shares[e] += given[e] ? 1.0 / count : 0;
            }
        }

        return shares;
    }

    /// <summary>
    /// CV^2 = variance / mean^2 of v_i / u_i over the experts that could be asked (Shazeer et al. 2017, equation 7, with the population
    /// variance); replaces the values by the derivatives with respect to them.
    /// </summary>
    public static double SquaredVariation(Span<double> values, ReadOnlySpan<double> fair)
    {
        var count = 0;
        double mean = 0;
        for (var e = 0; e < values.Length; e++)
        {
            values[e] = fair[e] > 0 ? values[e] / fair[e] : 0;
            mean += values[e];
            count += fair[e] > 0 ? 1 : 0;
        }

        mean /= Math.Max(1, count);
        double variance = 0;
        for (var e = 0; e < values.Length; e++)
        {
            variance += fair[e] > 0 ? (values[e] - mean) * (values[e] - mean) / count : 0;
        }

        if (!(mean > 0))
        {
            values.Clear();
            return 0;
        }

        for (var e = 0; e < values.Length; e++)
        {
            values[e] = fair[e] > 0 ? 2 / (count * mean * mean) * (values[e] - mean - variance / mean) / fair[e] : 0;
        }

        return variance / (mean * mean);
    }

    /// <summary>
    /// weight * B * sum_i f_i P_i / (u_i / B) with f the share of the work each expert got and P its mean gate weight (Fedus, Zoph and
    /// Shazeer 2022, equation 4): least when work is spread fairly, where it is weight * B. The work is taken as given; the gradient
    /// with respect to the logits is added to the batch's.
    /// </summary>
    public static double AddSwitchLoss(GateBatch batch, ReadOnlySpan<double> work, double weight)
    {
        var fair = FairShares(batch);
        double all = 0;
        foreach (var share in work)
        {
            all += share;
        }

        Span<double> price = stackalloc double[batch.Experts];
        for (var e = 0; e < price.Length; e++)
        {
            price[e] = fair[e] > 0 && all > 0 ? work[e] / all / (fair[e] / batch.Count) : 0;
        }

        double loss = 0;
        Span<double> gate = stackalloc double[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            Softmax(batch.Output(n), batch.HasOpinion(n), gate);
            double expected = 0;
            for (var e = 0; e < gate.Length; e++)
            {
                expected += gate[e] * price[e];
            }

            loss += weight * expected;
            var gradient = batch.Gradient(n);
            for (var e = 0; e < gate.Length; e++)
            {
                gradient[e] += weight * gate[e] * (price[e] - expected);
            }
        }

        return loss;
    }

    /// <summary>The softmax over those marked; zero elsewhere.</summary>
    public static void Softmax(ReadOnlySpan<double> logits, ReadOnlySpan<bool> among, Span<double> gate)
    {
        for (var e = 0; e < among.Length; e++)
        {
            gate[e] = among[e] ? logits[e] : double.NegativeInfinity;
        }

        LogSpace.Softmax(gate, gate);
    }
}
