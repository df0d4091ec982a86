using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Multimodal.Tool.Studies;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>The deployed rule, in waves, under trust learned from feedback, while one expert breaks and is mended: what the service does.</summary>
internal static class TrustBench
{
    private const int RunsPerExpert = 2;

    public static IReadOnlyList<WantedFigure> Run(RecordedSet set, IGate gate, IFusionRule rule, TrustSettings deployed, int seed)
    {
        var count = set.Examples.Count;
        var (breaks, mended) = (count * 2 / 5, count * 4 / 5);
        Terminal.Line($"[bold]Trust[/]: the labels of one expert are permuted from feedback {breaks} to {mended}; each expert in turn, {RunsPerExpert} orders each; accuracy % of the answers of the service's rule");
        var table = new Table().Border(TableBorder.Simple).AddColumns("believed by").AddColumns(
            Terminal.Figures("all healthy", "run", "before", "0 to 50 after", "50 to 200", "200 to mended", "0 to 100 mended", "then", "trust when mended"));
        var rows = new (string Name, TrustSettings? How, bool Known)[]
        {
            ("nobody's word", null, false), ($"{deployed.Learner}, {deployed.Loss}", deployed, false), ("(the break is known)", null, true),
        };
        var figures = new List<(double Healthy, double Late)>();
        foreach (var (name, how, known) in rows)
        {
            var study = new TrustStudy(gate, rule, how);
            ExpertFault[] faults =
            [
                .. Enumerable.Range(0, RunsPerExpert * set.Experts.Count).Select(run => new ExpertFault(run % set.Experts.Count, breaks, mended, known)),
            ];
            var runs = DeployedTrust.RunAll(study, set, faults, seed);
            var healthy = study.Run(set);
            double Mean(int from, int to) => 100 * runs.Average(run => run.Correct.Take(from..to).Average(hit => hit ? 1.0 : 0));
            var accuracy = 100 * healthy.Correct.Average(hit => hit ? 1.0 : 0);
            var late = Mean(breaks + 200, mended);
            figures.Add((accuracy, late));
            table.AddRow(
                name, Text(accuracy), healthy.ExpertsRun.ToString("0.00", CultureInfo.InvariantCulture), Text(Mean(0, breaks)), Text(Mean(breaks, breaks + 50)),
                Text(Mean(breaks + 50, breaks + 200)), Text(late), Text(Mean(mended, mended + 100)), Text(Mean(mended + 100, count)),
                runs.Zip(faults, (run, fault) => run.Trust[mended - 1][fault.Expert]).Average().ToString("0.000", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        return
        [
            WantedFigure.AtMost("trust: points lost while every expert is healthy", figures[0].Healthy - figures[1].Healthy, 0.2),
            WantedFigure.AtMost("trust: points below knowing the break, from the 200th feedback on", figures[2].Late - figures[1].Late, 1),
        ];
    }

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
