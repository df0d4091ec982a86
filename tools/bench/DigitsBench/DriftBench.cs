using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>
/// One expert becomes faulty halfway through a feedback stream; measures how fast a learner reaches the best weights in hindsight.
/// </summary>
internal static class DriftBench
{
    private const int RunsPerExpert = 2;

    // Second-order and parameter-free. With gradients its regret bound is against mixtures, as is the oracle.
    private const string Judged = "boa";

    /// <summary>Runs a learner with a fault of each expert in turn, over several orders of the requests.</summary>
    public static AccuracyCurve Follow(RecordedSet set, IGate? gate, string learner, int seed)
    {
        var runs = new DriftStudy[RunsPerExpert * set.Experts.Count];
        Parallel.For(0, runs.Length, run =>
        {
            runs[run] = DriftStudy.Run(set.Shuffled(new Random(seed + run)), gate, learner, run % set.Experts.Count);
        });
        double[] Mean(Func<DriftStudy, IReadOnlyList<bool>> correct) =>
            [.. Enumerable.Range(0, set.Examples.Count).Select(n => runs.Average(run => correct(run)[n] ? 1.0 : 0))];
        return new AccuracyCurve(Mean(run => run.Correct), Mean(run => run.OracleCorrect));
    }

    public static IReadOnlyList<Target> Run(RecordedSet set, IGate gate, int seed)
    {
        var half = set.Examples.Count / 2;
        Terminal.Line(
            $"[bold]Drift[/]: labels of one expert permuted from feedback {half} on; each expert in turn, {RunsPerExpert} orders each; accuracy % of learner / best weights in hindsight");
        var table = new Table().Border(TableBorder.Simple).AddColumns("learner", "weights").AddColumns(Terminal.Figures("before", "0 to 50 after", "100 to 200", "200 to 400", "400 to end", "recovered after"));
        var figures = new List<Target>();
        foreach (var name in OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions))
        {
            foreach (var (weights, by) in new (string, IGate?)[] { ("online", null), ("gate x online", gate) })
            {
                var curve = Follow(set, by, name, seed);
                var recovered = curve.Recovered();
                table.AddRow(
                    name, weights, Pair(curve.After(-half / 2, half / 2)), Pair(curve.After(0, 50)), Pair(curve.After(100, 100)),
                    Pair(curve.After(200, 200)), Pair(curve.After(400, half - 400)), recovered < half ? $"{recovered} feedbacks" : "not");
                if (name == Judged && by is null)
                {
                    figures.Add(Target.AtMost(
                        $"drift, {name}, feedbacks until within one point of the best weights in hindsight", recovered, 200));
                }
            }
        }

        AnsiConsole.Write(table);
        return figures;
    }

    private static string Pair((double Learner, double Oracle) pair) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * pair.Learner:0.0} / {100 * pair.Oracle:0.0}");
}
