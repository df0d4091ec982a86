using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Selection;

namespace Multimodal.Tool.Report;

/// <summary>Accuracy, calibration and cost of the answers.</summary>
internal static class QualityFigures
{
    private const int Steps = 6;

    private static readonly double[] Prices = [0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0];

    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        yield return Corruption(
            input, "parts lost", PartCorruption.Remove, "share of parts lost",
            "Parts are removed from the requests at random; at least one remains.");
        yield return Corruption(
            input, "parts exchanged", PartCorruption.Exchange, "share of parts from another request", "Parts are replaced by those of other requests: intact, but mostly with another label.");
        yield return CostInCalls(input);
        yield return CostInBudget(input);
        yield return Reliability(input);
        yield return Confusion(input);
        yield return GateFigures.AccuracyPerModalities(input);
    }

    private static Figure Corruption(ReportInput input, string what, Func<RecordedSet, double, Random, RecordedSet> damage, string axis, string caption)
    {
        double[] chances = [.. Enumerable.Range(0, Steps + 1).Select(step => step * 0.1)];
        string[] rules = [.. FusionRules.Table.Names];
        var accuracy = new double[rules.Length, chances.Length];
        Parallel.For(0, chances.Length, c =>
        {
            var damaged = damage(input.Set, chances[c], new Random(input.Seed));
            for (var r = 0; r < rules.Length; r++)
            {
                accuracy[r, c] = 100 * Replay.Of(damaged, input.Policy, FusionRules.Table[rules[r]](input.Combiner)).AccuracyOfAll;
            }
        });
        var plot = new Plot(new Axis(axis, 0, chances[^1], "0.0"), Axis.Around("accuracy %", accuracy.Cast<double>(), 0, 100, "0"));
        foreach (var r in Enumerable.Range(0, rules.Length).OrderByDescending(r => accuracy[r, Steps / 2]))
        {
            plot.Line(rules[r], Plot.Colour(r), chances.Select((chance, c) => (chance, accuracy[r, c])), dots: rules[r] == input.Package.Defaults.Fusion);
        }

        return new Figure(
            $"Accuracy against corruption: {what}", plot.ToHtml($"Accuracy against {axis}, a line per rule"),
            $"{caption} Experts selected by {input.Policy.Strategy}. The legend is in the order of the lines at "
            + $"{chances[Steps / 2]:0.0}; dots mark the deployed rule.");
    }

    private static Figure CostInCalls(ReportInput input)
    {
        var lines = new (string Name, string Strategy)[] { ("best of each modality first", "top-k-per-modality"), ("best first", "top-k"), ("by modality, then within", "hierarchical") };
        var points = lines.Select(line => Enumerable.Range(1, input.Experts.Count)
            .Select(k => Replay.Of(input.Set, new SelectionPolicy(input.Gate, line.Strategy) { K = k }, input.Rule))
            .Select(replay => (X: replay.ExpertsRun, Y: 100 * replay.AccuracyOfAll)).ToArray()).ToArray();
        (double X, double Y)[] waves = [.. Prices
            .Select(price => Replay.Of(input.Set, new SelectionPolicy(input.Gate) { Price = price }, input.Rule))
            .Select(replay => (replay.ExpertsRun, 100 * replay.AccuracyOfAll))];
        (double X, double Y)[] own = [(input.Answers.ExpertsRun, 100 * input.Answers.AccuracyOfAll)];
        var plot = new Plot(
            Axis.Around("experts run per request", points.SelectMany(p => p).Concat(waves).Select(p => p.X), 0, input.Experts.Count, "0.0"),
            Axis.Around("accuracy %", points.SelectMany(p => p).Concat(waves).Concat(own).Select(p => p.Y), 0, 100, "0"));
        foreach (var (l, line) in lines.Index())
        {
            plot.Line($"{line.Name} ({line.Strategy})", Plot.Colour(l), points[l], dots: true);
        }

        plot.Line("in waves, while the gain exceeds the price (waves)", Plot.Colour(lines.Length), waves, dots: true);
        foreach (var (k, point) in points[1].Index().Where(p => p.Index < 3))
        {
            plot.Label(point.X, point.Y, $"k = {k + 1}", below: true);
        }

        plot.Dot(own[0].X, own[0].Y, "var(--ink)", "as deployed", 5).Label(own[0].X, own[0].Y, "as deployed");
        return new Figure(
            "Cost against quality: k and waves", plot.ToHtml("Accuracy against experts run, a line per strategy"),
            $"k from 1 to {input.Experts.Count}; prices of another opinion from {Prices[^1]} to {Prices[0]}. The upper left edge has "
            + "the fewest calls for a given accuracy.");
    }

    private static Figure CostInBudget(ReportInput input)
    {
        double[] costs = [.. input.Package.Experts.Select(expert => expert.Package.Cost)];
        double Cost(Replay replay) => replay.Calls.Zip(costs, (calls, cost) => calls * cost).Sum() / input.Set.Examples.Count;
        double[] budgets = [.. Enumerable.Range(1, 12).Select(step => step * costs.Sum() / 12)];
        (double X, double Y)[] Points(Func<double, Replay> run, IEnumerable<double> over) => [.. over.Select(run).Select(replay => (Cost(replay), 100 * replay.AccuracyOfAll))];
        var budget = Points(b => Replay.Of(input.Set, new SelectionPolicy(input.Gate, "budget") { Steering = new Steering { Costs = costs, Budget = b } }, input.Rule), budgets);
        var perModality = Points(k => Replay.Of(input.Set, new SelectionPolicy(input.Gate, "top-k-per-modality") { K = (int)k }, input.Rule), Enumerable.Range(1, input.Experts.Count).Select(k => (double)k));
        var plot = new Plot(
            Axis.Around("mean cost of a request", budget.Concat(perModality).Select(p => p.X), 0, costs.Sum(), "0.0"),
            Axis.Around("accuracy %", budget.Concat(perModality).Select(p => p.Y), 0, 100, "0"));
        plot.Line(
            "within a budget (budget)", Plot.Colour(3), budget,
            dots: true).Line("k, regardless of cost (top-k-per-modality)", Plot.Colour(0), perModality, dots: true);
        var cheapest = costs.Index().MinBy(c => c.Item);
        var mostExpensive = costs.Index().MaxBy(c => c.Item);
        return new Figure("Cost against quality: budgets", plot.ToHtml("Accuracy against mean cost for budgets and for k"), string.Create(
            CultureInfo.InvariantCulture,
            $"Costs as declared by the packages: {input.Experts[cheapest.Index]} {cheapest.Item:0.##}, "
            + $"{input.Experts[mostExpensive.Index]} {mostExpensive.Item:0.##}. Budgets from a twelfth of the cost of all experts to "
            + $"all of it."));
    }

    private static Figure Reliability(ReportInput input)
    {
        var uniform = FusionRules.Table["uniform-linear"](null);
        var rows = new List<(string Name, Scorecard Score)>
        {
            ("as deployed", input.Answers.Answered),
            ("uniform linear pool", Replay.Of(input.Set, uniform, (_, _, weights) => weights.Fill(1)).Answered),
        };
        rows.AddRange(input.Experts.Select((name, e) => (name, Replay.Of(input.Set, uniform, (_, _, weights) => weights[e] = 1).Answered)));
        var html = string.Concat(rows.Select(row =>
        {
            var plot = new Plot(new Axis("confidence", 0, 1, "0.0"), new Axis("accuracy", 0, 1, "0.0"), 260, 220).Diagonal();
            foreach (var (b, bin) in row.Score.Bins.Index().Where(bin => bin.Item.Count > 0))
            {
                var (from, to) = ((double)b / Scorecard.BinCount, (b + 1.0) / Scorecard.BinCount);
                var hint = string.Create(
                    CultureInfo.InvariantCulture, $"{bin.Count} answers, confidence {bin.Confidence:0.000}, accuracy {bin.Accuracy:0.000}");
                plot.Bar((from, to), bin.Accuracy, "var(--c0)", hint, 0.25 + 0.75 * Math.Sqrt(bin.Count / (double)row.Score.Bins.Max(other => other.Count)));
            }

            return string.Create(CultureInfo.InvariantCulture, $"<div><h4>{Plot.Escaped(row.Name)} <span>ECE {row.Score.Ece:0.000}</span></h4>{plot.ToHtml($"Reliability of {row.Name}")}</div>");
        }));
        return new Figure(
            "Reliability", $"<div class=\"small\">{html}</div>",
            $"Accuracy against confidence in {Scorecard.BinCount} bins; the dashed line is perfect calibration. Stronger colours mean "
            + "more answers.",
            Wide: true);
    }

    private static Figure Confusion(ReportInput input)
    {
        var labels = input.Package.Labels;
        var counts = new double[labels.Count, labels.Count];
        foreach (var (n, example) in input.Set.Examples.Index())
        {
            if (input.Answers.Answers[n] is { } answer)
            {
                counts[example.Label, answer.Label]++;
            }
        }

        double Share(int truth, int answered) => 100 * counts[truth, answered] / Math.Max(
            1, Enumerable.Range(0, labels.Count).Sum(k => counts[truth, k]));
        return new Figure(
            "Confusion",
            Heat.ToHtml("Share of each true label answered as each label", labels, labels, Share, ("0", 100)),
            "Rows: the true label; columns: the answer; % of the row.");
    }
}
