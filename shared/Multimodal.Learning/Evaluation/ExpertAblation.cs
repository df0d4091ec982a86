using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Evaluation;

/// <summary>What an ensemble loses without one expert. Nothing is trained again.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="CallShare">Its share in all expert calls, in [0, 1].</param>
/// <param name="PointsLost">
/// Accuracy lost without it, in percentage points of all requests; negative if the ensemble is better without it.
/// </param>
/// <param name="StandardError">
/// Standard error of <paramref name="PointsLost"/>, in points, from the requests that are answered correctly in one case only (McNemar
/// 1947).
/// </param>
/// <param name="NllGained">Increase of the mean NLL without it, in nats, over the requests that are answered in both cases.</param>
public sealed record ExpertAblation(string Expert, double CallShare, double PointsLost, double StandardError, double NllGained)
{
    /// <summary>Whether the loss is positive and larger than two standard errors.</summary>
    public bool IsSignificant => PointsLost > 2 * StandardError && PointsLost > 0;

    /// <summary>Leaves out each expert in turn.</summary>
    /// <param name="set">Recorded examples that were not used for training.</param>
    /// <param name="policy">Selects the experts.</param>
    /// <param name="rule">Fuses the opinions.</param>
    public static IReadOnlyList<ExpertAblation> Of(RecordedSet set, SelectionPolicy policy, IFusionRule rule)
    {
        var with = Replay.Of(set, policy, rule);
        return [.. set.Experts.Select((expert, e) => Compare(expert.Name, e, with, Replay.Of(set.WithoutOpinionsOf(e), policy, rule)))];
    }

    private static ExpertAblation Compare(string name, int expert, Replay with, Replay without)
    {
        double count = Math.Max(1, with.Answers.Count);
        var lost = 0;
        var won = 0;
        double nll = 0;
        var answeredInBoth = 0;
        for (var n = 0; n < with.Answers.Count; n++)
        {
            var (before, after) = (with.IsCorrect(n), without.IsCorrect(n));
            lost += before && !after ? 1 : 0;
            won += !before && after ? 1 : 0;
            if (with.Answers[n] is { } first && without.Answers[n] is { } second)
            {
                var label = with.Set.Examples[n].Label;
                nll += first.LogProbabilities[label] - second.LogProbabilities[label];
                answeredInBoth++;
            }
        }

        // Var((lost - won) / n) = (lost + won - (lost - won)^2 / n) / n^2
        var error = Math.Sqrt(Math.Max(0, lost + won - (lost - won) * (lost - won) / count)) / count;
        var calls = with.Calls.Sum();
        var share = calls > 0 ? with.Calls[expert] / calls : 0;
        return new ExpertAblation(name, share, 100 * (lost - won) / count, 100 * error, nll / Math.Max(1, answeredInBoth));
    }
}
