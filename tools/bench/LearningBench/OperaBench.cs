using System.Globalization;
using Multimodal.Learning.Online;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.LearningBench;

/// <summary>Three real forecasts of electricity load over 112 weeks (opera): every online learner with square loss.</summary>
internal static class OperaBench
{
    public static IReadOnlyList<Target> Run(string folder)
    {
        var forecasts = Read(Path.Combine(folder, "experts.csv"));
        double[] truths = [.. Read(Path.Combine(folder, "targets.csv")).Select(row => row[0])];
        string[] experts = ["gam", "ar", "gbm"];
        double Error(IEnumerable<double> predicted) => Math.Sqrt(predicted.Zip(truths, (p, y) => (p - y) * (p - y)).Average());
        var uniform = Error(forecasts.Select(row => row.Average()));

        Terminal.Line($"[bold]Electricity load, three forecasts, {truths.Length} weeks[/] (RMSE; opera on the same files: ML-Poly 1457.5, BOA 1500.6)");
        var table = new Table().Border(TableBorder.Simple).AddColumn("method").AddColumn(new TableColumn("RMSE").RightAligned()).AddColumn("final weights");
        void Row(string name, double error, string weights) => table.AddRow(name, error.ToString("0.0", CultureInfo.InvariantCulture), weights);
        foreach (var (e, expert) in experts.Index())
        {
            Row($"forecast {expert}", Error(forecasts.Select(row => row[e])), "");
        }

        Row("uniform", uniform, "");
        var figures = new List<Target> { Target.AtMost("opera, uniform, RMSE away from 1560.2", Math.Abs(uniform - 1560.2), 0.05) };
        foreach (var name in OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions))
        {
            var learner = OnlineLearners.Table[name];
            var state = learner.Start(experts, "square");
            var predicted = new List<double>();
            foreach (var (row, truth) in forecasts.Zip(truths))
            {
                var prediction = learner.Predict(state, [1, 1, 1], [.. row.Select(value => new[] { value })]);
                predicted.Add(prediction.Answer![0]);
                state = learner.Update(state, prediction, truth);
            }

            var weights = learner.Weights(state, [1, 1, 1]);
            Row(name, Error(predicted), string.Join(" ", weights.Select(w => w.ToString("0.000", CultureInfo.InvariantCulture))));
            if (name == "ml-poly")
            {
                figures.Add(Target.AtMost("opera, ml-poly, RMSE away from 1457.5", Math.Abs(Error(predicted) - 1457.5), 0.05));
                figures.Add(Target.AtMost(
                    "opera, ml-poly, weights away from 0.577 0.423 0.000", weights.Zip([0.577, 0.423, 0.000], (w, r) => Math.Abs(w - r)).Max(), 0.0005));
            }
            else if (name == "boa")
            {
                figures.Add(Target.AtMost("opera, boa, RMSE away from 1500.6", Math.Abs(Error(predicted) - 1500.6), 0.05));
            }
        }

        AnsiConsole.Write(table);
        return figures;
    }

    private static double[][] Read(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
}
