using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>One expert breaks half-way through a stream of feedback: how soon online weights are as good as the best weights in hindsight.</summary>
internal static class DriftBench
{
    private const int Window = 100;
    private const int RunsPerExpert = 2;
    private const double Points = 0.01;

    // Nothing to tune, second-order, and the gradient makes the best mixture its yardstick: the oracle here is a mixture.
    private const string Judged = "boa";

    /// <summary>Mean accuracy over runs at each position of a stream.</summary>
    /// <param name="Learner">Of the learner.</param>
    /// <param name="Oracle">Of the best fixed weights of each half in hindsight.</param>
    internal sealed record Course(double[] Learner, double[] Oracle)
    {
        /// <summary>Mean from a feedback after the break, over a window.</summary>
        public (double Learner, double Oracle) After(int feedbacks, int window)
        {
            var start = Learner.Length / 2 + feedbacks;
            return (Learner[start..(start + window)].Average(), Oracle[start..(start + window)].Average());
        }

        /// <summary>Feedbacks after the break from which on no window is more than a point below the oracle on the mean of what follows.</summary>
        public int Recovered()
        {
            var left = Learner.Length - Learner.Length / 2;
            for (var n = 0; n + Window <= left; n += Window / 4)
            {
                var (now, best) = After(n, Window);
                var (rest, bestRest) = After(n, left - n);
                if (now >= best - Points && rest >= bestRest - Points)
                {
                    return n;
                }
            }

            return left;
        }
    }

    /// <summary>Runs a learner with each expert breaking in turn, over several orders of the requests.</summary>
    public static Course Follow(RecordedSet set, IGate? gate, string learner, int seed)
    {
        var runs = new DriftStudy[RunsPerExpert * set.Experts.Count];
        Parallel.For(0, runs.Length, run =>
        {
            runs[run] = DriftStudy.Run(set.Shuffled(new Random(seed + run)), gate, learner, run % set.Experts.Count);
        });
        double[] Mean(Func<DriftStudy, IReadOnlyList<bool>> right) =>
            [.. Enumerable.Range(0, set.Examples.Count).Select(n => runs.Average(run => right(run)[n] ? 1.0 : 0))];
        return new Course(Mean(run => run.Correct), Mean(run => run.OracleCorrect));
    }

    public static IReadOnlyList<WantedFigure> Run(RecordedSet set, IGate gate, int seed)
    {
        var half = set.Examples.Count / 2;
        Terminal.Line($"[bold]Drift[/]: from feedback {half} on the labels of one expert are permuted; each expert in turn, {RunsPerExpert} orders each; accuracy % of learner / best weights in hindsight");
        var table = new Table().Border(TableBorder.Simple).AddColumns("learner", "weighed by").AddColumns(Terminal.Figures("before", "0 to 50 after", "100 to 200", "200 to 400", "400 to end", "recovered after"));
        var figures = new List<WantedFigure>();
        foreach (var name in OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions))
        {
            foreach (var (weighed, by) in new (string, IGate?)[] { ("online", null), ("gate x online", gate) })
            {
                var course = Follow(set, by, name, seed);
                var recovered = course.Recovered();
                table.AddRow(
                    name, weighed, Pair(course.After(-half / 2, half / 2)), Pair(course.After(0, 50)), Pair(course.After(100, 100)),
                    Pair(course.After(200, 200)), Pair(course.After(400, half - 400)), recovered < half ? $"{recovered} feedbacks" : "not");
                if (name == Judged && by is null)
                {
                    figures.Add(WantedFigure.AtMost($"drift, {name}, feedbacks until within a point of the best weights in hindsight", recovered, 200));
                }
            }
        }

        AnsiConsole.Write(table);
        return figures;
    }

    private static string Pair((double Learner, double Oracle) pair) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * pair.Learner:0.0} / {100 * pair.Oracle:0.0}");
}
