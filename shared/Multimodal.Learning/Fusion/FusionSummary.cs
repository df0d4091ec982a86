using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>How far the experts agreed, for the answer's report.</summary>
/// <param name="Agreement">Mean pairwise overlap sum_k p_i(k) p_j(k), in [0, 1]; 1 for a single opinion.</param>
/// <param name="Entropy">Entropy of the fused answer divided by its maximum, in [0, 1].</param>
/// <param name="Conflict">True when two experts that are both confident and count for something favour different labels.</param>
public sealed record FusionSummary(double Agreement, double Entropy, bool Conflict)
{
    /// <summary>An expert is confident from this probability of its favourite label on.</summary>
    public const double ConfidentFrom = 0.8;

    /// <summary>An expert counts for something when its weight in the fusion is at least this.</summary>
    public const double CountsFrom = 0.1;

    /// <summary>
    /// Largest chance C in [0, 1] that two opinions that count for something name different labels, as Dempster's rule reckons it;
    /// 0 for a single opinion.
    /// </summary>
    public double ConflictMass { get; init; }

    /// <summary>Summarises the opinions and what a rule made of them.</summary>
    public static FusionSummary Of(IReadOnlyList<WeightedOpinion> opinions, FusedOpinion fused)
    {
        var table = OpinionTable.From(opinions);
        var probabilities = new double[table.Count][];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = new double[table.Labels];
            LogSpace.Softmax(table.Row(i), probabilities[i]);
        }

        var weights = table.InTableOrder(fused.Weights);
        double overlap = 0;
        double conflict = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                overlap += Distribution.Overlap(probabilities[i], probabilities[j]);
                if (weights[i] >= CountsFrom && weights[j] >= CountsFrom)
                {
                    conflict = Math.Max(conflict, DempsterRule.Conflict(probabilities[i], probabilities[j]));
                }
            }
        }

        var pairs = table.Count * (table.Count - 1) / 2;
        var answer = new double[table.Labels];
        LogSpace.Softmax(fused.LogProbabilities, answer);
        return new FusionSummary(
            pairs == 0 ? 1 : overlap / pairs, Distribution.NormalisedEntropy(answer), InConflict(opinions, fused))
        {
            ConflictMass = conflict,
        };
    }

    private static bool InConflict(IReadOnlyList<WeightedOpinion> opinions, FusedOpinion fused) => opinions
        .Where((_, i) => fused.Weights[i] >= CountsFrom)
        .Select(Believed)
        .Select(logs => (Label: Distribution.ArgMax(logs), Log: logs.Max()))
        .Where(favourite => favourite.Log >= Math.Log(ConfidentFrom))
        .Select(favourite => favourite.Label)
        .Distinct()
        .Skip(1)
        .Any();

    private static double[] Believed(WeightedOpinion opinion)
    {
        double[] logs = [.. opinion.LogProbabilities];
        Discounting.Apply(logs, opinion.Trust);
        return logs;
    }
}
