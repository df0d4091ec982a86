using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>How far the opinions behind an answer agree.</summary>
/// <param name="Agreement">Mean overlap sum_k p_i(k) p_j(k) over all pairs of opinions, in [0, 1]; 1 for a single opinion.</param>
/// <param name="Entropy">Entropy of the fused answer divided by its maximum, in [0, 1].</param>
/// <param name="Conflict">Whether two confident experts with enough weight favour different labels.</param>
public sealed record FusionSummary(double Agreement, double Entropy, bool Conflict)
{
    /// <summary>The minimum probability of the favourite label for an expert to count as confident.</summary>
    public const double MinConfidence = 0.8;

    /// <summary>The minimum weight in the fusion for an opinion to count in conflicts.</summary>
    public const double MinWeight = 0.1;

    /// <summary>
    /// The largest conflict mass C of two opinions with enough weight, in [0, 1], by Dempster's rule; 0 for a single opinion.
    /// </summary>
    public double ConflictMass { get; init; }

    /// <summary>Summarises opinions and the answer that a rule fused from them.</summary>
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
                if (weights[i] >= MinWeight && weights[j] >= MinWeight)
                {
                    conflict = Math.Max(conflict, DempsterRule.Conflict(probabilities[i], probabilities[j]));
                }
            }
        }

        var pairs = table.Count * (table.Count - 1) / 2;
        var answer = new double[table.Labels];
        LogSpace.Softmax(fused.LogProbabilities, answer);
        return new FusionSummary(pairs == 0 ? 1 : overlap / pairs, Distribution.NormalisedEntropy(answer), InConflict(opinions, fused))
        {
            ConflictMass = conflict,
        };
    }

    private static bool InConflict(IReadOnlyList<WeightedOpinion> opinions, FusedOpinion fused) => opinions
        .Where((_, i) => fused.Weights[i] >= MinWeight)
        .Select(Discounted)
        .Select(logs => (Label: Distribution.ArgMax(logs), Log: logs.Max()))
        .Where(favourite => favourite.Log >= Math.Log(MinConfidence))
        .Select(favourite => favourite.Label)
        .Distinct()
        .Skip(1)
        .Any();

    private static double[] Discounted(WeightedOpinion opinion)
    {
        double[] logs = [.. opinion.LogProbabilities];
        Discounting.Apply(logs, opinion.Trust);
        return logs;
    }
}
