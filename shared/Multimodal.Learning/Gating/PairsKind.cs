using Multimodal.Learning.Numerics;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking two that go well together: the expected cost of asking a pair drawn by the gate, P(i, j) proportional to exp(s_i + s_j) over
/// all pairs of those at hand, when the two are fused by the product of their opinions. The two largest logits are the likeliest pair. The best
/// expert and the second best often know the same, so other kinds, which judge experts one by one, ask for a pair that is not the best.
/// As every answer is on record the expectation is exact. Where one or two are at hand there is nothing to choose.
/// </summary>
internal sealed class PairsKind : IGateKind
{
    public string Name => "pairs";

    public string Strategy => "mixtral";

    public bool JudgesPairs => true;

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        var shares = new double[batch.Experts * batch.Experts];
        for (int n = 0; n < batch.Count; n++)
        {
            loss += batch.Given(n).Count(true) > 2 ? AddPairs(batch, n, shares) : 0;
        }

        return loss;
    }

    // C = sum_ij P_ij c_ij; dC/ds_i = sum_j P_ij (c_ij - C).
    private static double AddPairs(GateBatch batch, int n, Span<double> shares)
    {
        Span<bool> given = batch.Given(n);
        Span<double> logits = batch.Output(n);
        Span<double> evidence = batch.PairEvidence(n);
        shares.Fill(double.NegativeInfinity);
        for (int i = 0; i < given.Length; i++)
        {
            for (int j = i + 1; j < given.Length; j++)
            {
                if (given[i] && given[j])
                {
                    shares[i * given.Length + j] = logits[i] + logits[j];
                }
            }
        }

        LogSpace.Softmax(shares, shares);
        double expected = 0;
        for (int pair = 0; pair < shares.Length; pair++)
        {
            expected += shares[pair] > 0 ? shares[pair] * MixtureLoss.Cost(evidence[pair]) : 0;
        }

        Span<double> gradient = batch.Gradient(n);
        for (int pair = 0; pair < shares.Length; pair++)
        {
            double slope = shares[pair] > 0 ? shares[pair] * (MixtureLoss.Cost(evidence[pair]) - expected) : 0;
            gradient[pair / given.Length] += slope;
            gradient[pair % given.Length] += slope;
        }

        return expected;
    }
}
