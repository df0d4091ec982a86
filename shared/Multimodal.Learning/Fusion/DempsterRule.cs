using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Dempster's rule on subjective opinions (Han, Zhang, Fu and Zhou 2021, "Trusted multi-view classification"). An opinion p becomes
/// the masses b(k) = p(k) - min p on the labels and u = K min p on "any of them": the Dirichlet evidence with that mean whose least
/// label has no evidence, and the least committed masses whose expected probability is p. Two are combined to
/// b = (b1 b2 + b1 u2 + b2 u1) / (1 - C), u = u1 u2 / (1 - C), C = sum over k != l of b1(k) b2(l). The answer is b(k) + u / K, so a
/// lone opinion is returned as it is. The gate's weights do not count.
/// </summary>
internal sealed class DempsterRule : IFusionRule
{
    public string Name => "dempster";

    // The plausibilities b(k) + u multiply: Pl(k) = prod_i (b_i(k) + u_i) and U = prod_i u_i, both over 1 - C. So any number of
    // opinions is combined at once, in any order, in log space: b(k) + u/K is proportional to Pl(k) - U (1 - 1/K).

    /// <remarks>Contributions are ln Pl_i(label) - mean_k ln Pl_i(k); they sum to the same of the combined plausibility Pl.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var labels = table.Labels;
        var plausible = new double[table.Count][];
        var weights = table.Weights;
        var sum = new double[labels];
        double ignorance = 0;
        for (var row = 0; row < table.Count; row++)
        {
            var logs = table.Row(row);
            var least = Math.Exp(TensorPrimitives.Min(logs));
            ignorance += Math.Log(labels * least);
            weights[row] = 1 - labels * least;
            plausible[row] = new double[labels];
            for (var k = 0; k < labels; k++)
            {
                plausible[row][k] = Math.Log(Math.Exp(logs[k]) + (labels - 1) * least);
                sum[k] += plausible[row][k];
            }
        }

        var fused = new double[labels];
        for (var k = 0; k < labels; k++)
        {
            // U is at most Pl(k), so what is taken away leaves at least a K-th.
            var share = Math.Exp(Math.Min(0, ignorance - sum[k]));
            fused[k] = sum[k] + Math.Log(1 - share * (labels - 1) / labels);
        }

        LogSpace.LogSoftmax(fused, fused);
        Distribution.Normalise(weights);
        return table.ToFused(fused, weights, (row, label) => OpinionTable.Centred(plausible[row], label));
    }

    /// <summary>C of two opinions: the chance that they name different labels, in [0, 1]; an opinion that says nothing contradicts nobody.</summary>
    internal static double Conflict(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var leastP = TensorPrimitives.Min(p);
        var leastQ = TensorPrimitives.Min(q);
        var both = (1 - p.Length * leastP) * (1 - q.Length * leastQ);
        for (var k = 0; k < p.Length; k++)
        {
            both -= (p[k] - leastP) * (q[k] - leastQ);
        }

        return Math.Clamp(both, 0, 1);
    }
}
