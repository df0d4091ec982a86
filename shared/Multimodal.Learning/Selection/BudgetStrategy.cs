using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// The experts that together hold the most gate weight, sum of softmax(s)_i, at a total cost within the budget: the gate weight of an
/// expert is the chance that it is the right one to ask, so this is the best expected quality. Weighed by the softmax over them.
/// Exact up to twelve available experts, by weight per cost beyond. When nothing is affordable, the cheapest is asked, because
/// somebody must answer. Without costs everybody is free; without k any number may be asked.
/// </summary>
internal sealed class BudgetStrategy : ISelectionStrategy
{
    private const int ExactUpTo = 12;

    public string Name => "budget";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        Span<double> shares = stackalloc double[weights.Length];
        Span<int> open = stackalloc int[weights.Length];
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            shares[i] = candidates.Available[i] ? candidates.SelectionScoreOf(i) : double.NegativeInfinity;
            if (candidates.Available[i])
            {
                open[count++] = i;
            }
        }

        LogSpace.Softmax(shares, shares);
        weights.Fill(double.NegativeInfinity);
        open = open[..count];
        var limit = Math.Max(1, k ?? count);
        if (count <= ExactUpTo)
        {
            KeepBestSet(candidates, shares, open, limit, weights);
        }
        else
        {
            KeepByWorth(candidates, shares, open, limit, weights);
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }

    private static double CostOf(Candidates candidates, int expert) =>
        candidates.Costs.IsEmpty || !(candidates.Costs[expert] > 0) ? 0 : candidates.Costs[expert];

    // Every subset of at most limit experts; among equally good ones the cheaper, then the one listed first.
    private static void KeepBestSet(Candidates candidates, ReadOnlySpan<double> shares, ReadOnlySpan<int> open, int limit, Span<double> weights)
    {
        var bestSet = 0;
        (double Share, double Cost) best = (-1, 0);
        for (var set = 1; set < 1 << open.Length; set++)
        {
            (double Share, double Cost) now = (0, 0);
            for (var i = 0; i < open.Length; i++)
            {
                if ((set >> i & 1) == 1)
                {
                    now = (now.Share + shares[open[i]], now.Cost + CostOf(candidates, open[i]));
                }
            }

            var allowed = now.Cost <= candidates.Budget && System.Numerics.BitOperations.PopCount((uint)set) <= limit;
            if (allowed && (now.Share > best.Share + 1e-12 || (now.Share > best.Share - 1e-12 && now.Cost < best.Cost)))
            {
                (bestSet, best) = (set, now);
            }
        }

        for (var i = 0; i < open.Length; i++)
        {
            if ((bestSet >> i & 1) == 1)
            {
                weights[open[i]] = candidates.LogitOf(open[i]);
            }
        }

        if (bestSet == 0)
        {
            KeepCheapest(candidates, open, weights);
        }
    }

    private static void KeepByWorth(Candidates candidates, ReadOnlySpan<double> shares, ReadOnlySpan<int> open, int limit, Span<double> weights)
    {
        var left = candidates.Budget;
        for (var chosen = 0; chosen < limit; chosen++)
        {
            var best = -1;
            double worth = -1;
            foreach (var i in open)
            {
                var cost = CostOf(candidates, i);
                var own = cost > 0 ? shares[i] / cost : double.PositiveInfinity;
                if (double.IsNegativeInfinity(weights[i]) && cost <= left
                    && (own > worth || (own == worth && best >= 0 && shares[i] > shares[best])))
                {
                    (best, worth) = (i, own);
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
            KeepCheapest(candidates, open, weights);
        }
    }

    private static void KeepCheapest(Candidates candidates, ReadOnlySpan<int> open, Span<double> weights)
    {
        var cheapest = -1;
        foreach (var i in open)
        {
            if (cheapest < 0 || CostOf(candidates, i) < CostOf(candidates, cheapest)
                || (CostOf(candidates, i) == CostOf(candidates, cheapest) && candidates.SelectionScoreOf(i) > candidates.SelectionScoreOf(cheapest)))
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
