using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// Losses for an even distribution of work over a batch. An expert can only be asked if its modality is present, so its work is counted
/// relative to the share of a fair draw among the experts that could be asked, u_i = sum_x [i could be asked] / (number that could). If all
/// can always be asked, the shares are equal and the formulas are those of the papers.
/// </summary>
internal static class LoadBalance
{
    /// <summary>u: the number of examples per expert if each example asked one of its experts at random.</summary>
    public static double[] FairShares(GateBatch batch)
    {
        var shares = new double[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            ReadOnlySpan<bool> hasOpinion = batch.HasOpinion(n);
            var count = hasOpinion.Count(true);
            for (var e = 0; e < shares.Length; e++)
            {
                shares[e] += hasOpinion[e] ? 1.0 / count : 0;
            }
        }

        return shares;
    }

    /// <summary>
    /// CV^2 = variance / mean^2 of v_i / u_i over the experts that could be asked (Shazeer et al. 2017, equation 7, with the population
    /// variance).
    /// </summary>
    /// <param name="values">v, one per expert; replaced by the derivatives of CV^2 with respect to v.</param>
    /// <param name="fair">u, one per expert; 0 for an expert that could never be asked.</param>
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
    /// weight * B * sum_i f_i P_i / (u_i / B), with f_i the share of the work of expert i and P_i its mean gate weight (Fedus, Zoph and
    /// Shazeer 2022, equation 4). The minimum, weight * B, is at fair shares. The work is constant for the gradient, which is added to the
    /// batch's.
    /// </summary>
    /// <param name="batch">The examples.</param>
    /// <param name="work">Examples that each expert was asked about.</param>
    /// <param name="weight">Weight of the loss.</param>
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

    /// <summary>The softmax over the marked logits; 0 elsewhere.</summary>
    public static void Softmax(ReadOnlySpan<double> logits, ReadOnlySpan<bool> marked, Span<double> gate)
    {
        for (var e = 0; e < marked.Length; e++)
        {
            gate[e] = marked[e] ? logits[e] : double.NegativeInfinity;
        }

        LogSpace.Softmax(gate, gate);
    }
}
