using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Dempster's rule on subjective opinions (Han, Zhang, Fu and Zhou 2021, "Trusted multi-view classification"). An opinion p becomes the
/// masses b(k) = p(k) - min p on the labels and u = K min p on the set of all labels. These are the least committed masses with expected
/// probability p. Two opinions combine to b = (b1 b2 + b1 u2 + b2 u1) / (1 - C), u = u1 u2 / (1 - C), with C = sum over k != l of b1(k)
/// b2(l). The answer is b(k) + u / K, so a single opinion is returned unchanged. The gate's weights do not count.
/// </summary>
internal sealed class DempsterRule : IFusionRule
{
    public string Name => "dempster";

    // The plausibilities b(k) + u multiply: Pl(k) = prod_i (b_i(k) + u_i) and U = prod_i u_i, both over 1 - C. So any number of
    // opinions combines at once, in any order, in log space: b(k) + u/K is proportional to Pl(k) - U (1 - 1/K).

    /// <remarks>Contributions are ln Pl_i(label) - mean_k ln Pl_i(k); their sum is the same of the combined plausibility Pl.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var labels = table.Labels;
        var logPlausibilities = new double[table.Count][];
        var weights = table.Weights;
        var sum = new double[labels];
        double logUncertainty = 0;
        for (var row = 0; row < table.Count; row++)
        {
            var logs = table.Row(row);
            var least = Math.Exp(TensorPrimitives.Min(logs));
            logUncertainty += Math.Log(labels * least);
            weights[row] = 1 - labels * least;
            logPlausibilities[row] = new double[labels];
            for (var k = 0; k < labels; k++)
            {
                logPlausibilities[row][k] = Math.Log(Math.Exp(logs[k]) + (labels - 1) * least);
                sum[k] += logPlausibilities[row][k];
            }
        }

        var fused = new double[labels];
        for (var k = 0; k < labels; k++)
        {
            // U <= Pl(k), so at least a K-th of Pl(k) remains after the subtraction.
            var share = Math.Exp(Math.Min(0, logUncertainty - sum[k]));
            fused[k] = sum[k] + Math.Log(1 - share * (labels - 1) / labels);
        }

        LogSpace.LogSoftmax(fused, fused);
        Distribution.Normalise(weights);
        return table.ToFused(fused, weights, (row, label) => OpinionTable.Centred(logPlausibilities[row], label));
    }

    /// <summary>
    /// C of two opinions, in [0, 1]: the mass on pairs of different labels. A uniform opinion conflicts with no other.
    /// </summary>
    internal static double Conflict(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var leastP = TensorPrimitives.Min(p);
        var leastQ = TensorPrimitives.Min(q);
        var conflict = (1 - p.Length * leastP) * (1 - q.Length * leastQ);
        for (var k = 0; k < p.Length; k++)
        {
            conflict -= (p[k] - leastP) * (q[k] - leastQ);
        }

        return Math.Clamp(conflict, 0, 1);
    }
}
