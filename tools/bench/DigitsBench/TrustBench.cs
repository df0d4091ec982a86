using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Multimodal.Tool.Studies;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>The deployed rule in waves, with trust learned from feedback, during a fault of one expert.</summary>
internal static class TrustBench
{
    private const int RunsPerExpert = 2;

    public static IReadOnlyList<Target> Run(RecordedSet set, IGate gate, IFusionRule rule, TrustSettings deployed, int seed)
    {
        var count = set.Examples.Count;
        var (faultFrom, faultTo) = (count * 2 / 5, count * 4 / 5);
        Terminal.Line(
            $"[bold]Trust[/]: labels of one expert permuted from feedback {faultFrom} to {faultTo}; each expert in turn, {RunsPerExpert} orders each; accuracy % of the deployed rule");
        var table = new Table().Border(TableBorder.Simple).AddColumns("trust").AddColumns(
            Terminal.Figures(
                "all healthy", "run", "before", "0 to 50 after", "50 to 200", "200 to end of fault", "0 to 100 after the fault", "later",
                "trust at end of fault"));
        var rows = new (string Name, TrustSettings? Settings, bool IsKnown)[]
        {
            ("full trust", null, false), ($"{deployed.Learner}, {deployed.Loss}", deployed, false), ("(fault known)", null, true),
        };
        var figures = new List<(double Healthy, double Late)>();
        foreach (var (name, settings, isKnown) in rows)
        {
            var study = new TrustStudy(gate, rule, settings);
            ExpertFault[] faults =
            [
                .. Enumerable.Range(0, RunsPerExpert * set.Experts.Count).Select(run => new ExpertFault(run % set.Experts.Count, faultFrom, faultTo, isKnown)),
            ];
            var runs = DeployedTrust.RunAll(study, set, faults, seed);
            var healthy = study.Run(set);
            double Mean(int from, int to) => 100 * runs.Average(run => run.Correct.Take(from..to).Average(isCorrect => isCorrect ? 1.0 : 0));
            var accuracy = 100 * healthy.Correct.Average(isCorrect => isCorrect ? 1.0 : 0);
            var late = Mean(faultFrom + 200, faultTo);
            figures.Add((accuracy, late));
            table.AddRow(
                name, Text(accuracy), healthy.ExpertsRun.ToString("0.00", CultureInfo.InvariantCulture), Text(Mean(0, faultFrom)), Text(Mean(faultFrom, faultFrom + 50)),
                Text(Mean(faultFrom + 50, faultFrom + 200)), Text(late), Text(Mean(faultTo, faultTo + 100)), Text(Mean(faultTo + 100, count)),
                runs.Zip(faults, (run, fault) => run.Trust[faultTo - 1][fault.Expert]).Average().ToString("0.000", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        return
        [
            Target.AtMost("trust: points lost while all experts are healthy", figures[0].Healthy - figures[1].Healthy, 0.2),
            Target.AtMost("trust: points below a known fault, from feedback 200 on", figures[2].Late - figures[1].Late, 1),
        ];
    }

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
