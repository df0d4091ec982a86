using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Evaluation;

/// <summary>What an expert brings to an ensemble as it is: how it would do without it, nothing trained again.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="CallShare">Its share of all expert calls.</param>
/// <param name="Points">Accuracy lost without it, in points of all requests; negative when the ensemble would be better off.</param>
/// <param name="Error">Standard error of that, from the requests that go right in one case only (McNemar 1947), in points.</param>
/// <param name="Nll">NLL gained without it, over requests answered in both cases.</param>
public sealed record ExpertWorth(string Expert, double CallShare, double Points, double Error, double Nll)
{
    /// <summary>Whether what it brings can be told from chance: two standard errors of accuracy.</summary>
    public bool IsWorthIt => Points > 2 * Error && Points > 0;

    /// <summary>Leaves out each expert in turn.</summary>
    /// <param name="set">Recorded examples that nothing was trained on.</param>
    /// <param name="gate">Its experts are the set's, in the same order.</param>
    /// <param name="strategy">Name of the selection strategy.</param>
    /// <param name="k">Its k; null lets it decide.</param>
    /// <param name="rule">How opinions are fused.</param>
    public static IReadOnlyList<ExpertWorth> Of(RecordedSet set, IGate gate, string strategy, int? k, IFusionRule rule)
    {
        var with = Replay.Of(set, gate, strategy, k, rule);
        return [.. set.Experts.Select((expert, e) => Compare(expert.Name, e, with, Replay.Of(set.Silence(e), gate, strategy, k, rule)))];
    }

    private static ExpertWorth Compare(string name, int expert, Replay with, Replay without)
    {
        double count = Math.Max(1, with.Answers.Count);
        var lost = 0;
        var won = 0;
        double nll = 0;
        var both = 0;
        for (var n = 0; n < with.Answers.Count; n++)
        {
            var (before, after) = (with.IsRight(n), without.IsRight(n));
            lost += before && !after ? 1 : 0;
            won += !before && after ? 1 : 0;
            if (with.Answers[n] is { } first && without.Answers[n] is { } second)
            {
                var label = with.Set.Examples[n].Label;
                nll += first.LogProbabilities[label] - second.LogProbabilities[label];
                both++;
            }
        }

        // Var((lost - won) / n) = (lost + won - (lost - won)^2 / n) / n^2
        var error = Math.Sqrt(Math.Max(0, lost + won - (lost - won) * (lost - won) / count)) / count;
        var calls = with.Calls.Sum();
        return new ExpertWorth(name, calls > 0 ? with.Calls[expert] / calls : 0, 100 * (lost - won) / count, 100 * error, nll / Math.Max(1, both));
    }
}
