using System.Numerics;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// The experts with the largest total gate weight, sum of softmax(s)_i, whose total cost is within the budget. The gate weight of an expert
/// is the probability that it is the right one to ask, so this maximises the expected quality. Weights: softmax over the selected logits.
/// Exact for up to twelve available experts; beyond, greedy by gate weight per cost. If no expert is affordable, the cheapest is selected.
/// Without costs all experts are free; without k any number may be selected.
/// </summary>
internal sealed class BudgetStrategy : ISelectionStrategy
{
    private const int MaxExactExperts = 12;

    public string Name => "budget";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        Span<double> shares = stackalloc double[weights.Length];
        Span<int> available = stackalloc int[weights.Length];
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            shares[i] = candidates.Available[i] ? candidates.SelectionScoreOf(i) : double.NegativeInfinity;
            if (candidates.Available[i])
            {
                available[count++] = i;
            }
        }

        LogSpace.Softmax(shares, shares);
        weights.Fill(double.NegativeInfinity);
        available = available[..count];
        var limit = Math.Max(1, k ?? count);
        if (count <= MaxExactExperts)
        {
            KeepBestSet(candidates, shares, available, limit, weights);
        }
        else
        {
            KeepGreedily(candidates, shares, available, limit, weights);
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }

    private static double CostOf(Candidates candidates, int expert) =>
        candidates.Costs.IsEmpty || !(candidates.Costs[expert] > 0) ? 0 : candidates.Costs[expert];

    // Tries every set of at most limit experts. Of equal gate weights, the cheaper set wins, then the first.
    private static void KeepBestSet(
        Candidates candidates, ReadOnlySpan<double> shares, ReadOnlySpan<int> available, int limit, Span<double> weights)
    {
        var bestSet = 0;
        (double Share, double Cost) best = (-1, 0);
        for (var set = 1; set < 1 << available.Length; set++)
        {
            (double Share, double Cost) now = (0, 0);
            for (var i = 0; i < available.Length; i++)
            {
                if ((set >> i & 1) == 1)
                {
                    now = (now.Share + shares[available[i]], now.Cost + CostOf(candidates, available[i]));
                }
            }

            var isAllowed = now.Cost <= candidates.Budget && BitOperations.PopCount((uint)set) <= limit;
            if (isAllowed && (now.Share > best.Share + 1e-12 || (now.Share > best.Share - 1e-12 && now.Cost < best.Cost)))
            {
                (bestSet, best) = (set, now);
            }
        }

        for (var i = 0; i < available.Length; i++)
        {
            if ((bestSet >> i & 1) == 1)
            {
                weights[available[i]] = candidates.LogitOf(available[i]);
            }
        }

        if (bestSet == 0)
        {
            KeepCheapest(candidates, available, weights);
        }
    }

    private static void KeepGreedily(
        Candidates candidates, ReadOnlySpan<double> shares, ReadOnlySpan<int> available, int limit, Span<double> weights)
    {
        var left = candidates.Budget;
        for (var count = 0; count < limit; count++)
        {
            var best = -1;
            double bestRatio = -1;
            foreach (var i in available)
            {
                var cost = CostOf(candidates, i);
                var ratio = cost > 0 ? shares[i] / cost : double.PositiveInfinity;
                if (double.IsNegativeInfinity(weights[i]) && cost <= left
                    && (ratio > bestRatio || (ratio == bestRatio && best >= 0 && shares[i] > shares[best])))
                {
                    (best, bestRatio) = (i, ratio);
                }
            }

            if (best < 0)
            {
                break;
            }

            left -= CostOf(candidates, best);
            weights[best] = candidates.LogitOf(best);
        }

        if (!weights.ContainsAnyExcept(double.NegativeInfinity))
        {
            KeepCheapest(candidates, available, weights);
        }
    }

    private static void KeepCheapest(Candidates candidates, ReadOnlySpan<int> available, Span<double> weights)
    {
        var cheapest = -1;
        foreach (var i in available)
        {
            if (cheapest < 0 || CostOf(candidates, i) < CostOf(candidates, cheapest)
                || (CostOf(candidates, i) == CostOf(candidates, cheapest)
                    && candidates.SelectionScoreOf(i) > candidates.SelectionScoreOf(cheapest)))
            {
                cheapest = i;
            }
        }

        if (cheapest >= 0)
        {
            weights[cheapest] = candidates.LogitOf(cheapest);
        }
    }
}
