using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Numerics;
using Multimodal.Tool.Studies;

namespace Multimodal.Tool.Report;

/// <summary>Selection by the gate, and its load.</summary>
internal static class GateFigures
{
    private const int EntropyBins = 20;

    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        yield return SharePerClass(input);
        yield return SharePerModalities(input);
        yield return Entropy(input);
        foreach (var figure in Load(input))
        {
            yield return figure;
        }
    }

    private static Figure SharePerClass(ReportInput input)
    {
        var labels = input.Package.Labels;
        double Share(int e, int k) => Asked(input, e, example => example.Label == k);
        return new Figure(
            "Experts asked, by class",
            Heat.ToHtml(
                "Share of each class's requests in which each expert is asked", input.Experts, labels, Share,
                ("0", 100)),
            "% of a class's requests in which an expert is asked. Even rows show that the selection does not depend on the class.");
    }

    private static Figure SharePerModalities(ReportInput input)
    {
        string[] sets = [.. input.Set.Examples.Select(example => Modalities(input.Set, example)).Distinct().OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)];
        double Share(int e, int s) => Asked(input, e, example => Modalities(input.Set, example) == sets[s]);
        return new Figure(
            "Experts asked, by media of the request",
            Heat.ToHtml(
                "Share of requests in which each expert is asked, per set of modalities", input.Experts, sets, Share,
                ("0", 100)),
            "% of the requests with these media in which an expert is asked.");
    }

    /// <summary>Accuracy by the media of the request.</summary>
    public static Figure AccuracyPerModalities(ReportInput input)
    {
        var groups = input.Set.Examples.Index().GroupBy(n => Modalities(input.Set, n.Item), n => n.Index)
            .Select(group => (group.Key, Count: group.Count(), Right: group.Average(n => input.Answers.IsCorrect(n) ? 100.0 : 0)))
            .OrderBy(group => group.Right);
        var rows = string.Concat(groups.Select(group => string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><th>{Plot.Escaped(group.Key)}</th><td>{group.Count}</td><td>{group.Right:0.0}</td><td class=\"bar\"><i style=\"width:{group.Right:0.0}%\"></i></td></tr>")));
        return new Figure(
            "Accuracy, by media of the request",
            $"<table><thead><tr><th>media</th><th>requests</th><th>accuracy %</th><th></th></tr></thead><tbody>{rows}</tbody></table>",
            "As deployed. Only a second medium can contradict a part that is damaged or wrong.");
    }

    private static double Asked(ReportInput input, int expert, Func<RecordedExample, bool> of)
    {
        int[] some = [.. input.Set.Examples.Index().Where(n => of(n.Item)).Select(n => n.Index)];
        return some.Length == 0 ? double.NaN : some.Average(n => input.Answers.Answers[n]?.GateWeights[expert] > 0 ? 100.0 : 0);
    }

    private static string Modalities(RecordedSet set, RecordedExample example) =>
        string.Join(" + ", set.Experts.Index().Where(e => example.Opinions[e.Index] is not null).Select(e => e.Item.Modality).Distinct());

    private static Figure Entropy(ReportInput input)
    {
        var counts = new double[EntropyBins];
        var right = new double[EntropyBins];
        var logits = new double[input.Experts.Count];
        foreach (var (n, example) in input.Set.Examples.Index())
        {
            input.Gate.Score(example.Features, logits);
            double[] shares = [.. logits.Where((_, e) => example.Opinions[e] is not null)];
            if (shares.Length < 2)
            {
                continue;
            }

            LogSpace.Softmax(shares, shares);
            var bin = Math.Min(EntropyBins - 1, (int)(EntropyBins * Distribution.NormalisedEntropy(shares)));
            counts[bin]++;
            right[bin] += input.Answers.IsCorrect(n) ? 1 : 0;
        }

        var max = Math.Max(1, counts.Max());
        var plot = new Plot(
            new Axis("entropy of the gate's weights, 1 for equal weights", 0, 1, "0.0"),
            new Axis("requests %, and accuracy %", 0, 100, "0"));
        for (var bin = 0; bin < EntropyBins; bin++)
        {
            plot.Bar(((bin + 0.08) / EntropyBins, (bin + 0.92) / EntropyBins), 100 * counts[bin] / counts.Sum(), "var(--c0)", $"{counts[bin]} requests");
        }

        plot.Line("accuracy %", "var(--c1)", Enumerable.Range(0, EntropyBins).Where(bin => counts[bin] >= max / 50)
            .Select(bin => ((bin + 0.5) / EntropyBins, 100 * right[bin] / counts[bin])), dots: true);
        return new Figure(
            "Confidence of the gate", plot.ToHtml(
                "Histogram of the gate's entropy with the accuracy in each bin"),
                "Bars: share of the requests; line: accuracy of those. Over all available experts, before the strategy selects.");
    }

    private static IEnumerable<Figure> Load(ReportInput input)
    {
        var paths = SkewedLoad.Paths(input.Set, new SelectionPolicy(input.Gate, "top-k-per-modality"), input.Rule, input.Seed);
        var busiest = input.Answers.Calls.Index().MaxBy(calls => calls.Item).Index;
        var points = paths[busiest].Points;
        var levelled = points.Index().First(p => ReferenceEquals(p.Item, SkewedLoad.Levelled(points))).Index;
        var shares = new Plot(new Axis("windows of the bias", 0, points.Count - 1, "0"), Axis.Around("share of the calls %", points.SelectMany(p => p.Shares).Select(s => 100 * s), 0, 100, "0"));
        foreach (var (e, name) in input.Experts.Index())
        {
            shares.Line(name, Plot.Colour(e), points.Select((p, w) => ((double)w, 100 * p.Shares[e])));
        }

        shares.Upright(levelled, "a quarter less");
        yield return new Figure(
            $"Load: 90 % of the requests prefer {input.Experts[busiest]}", shares.ToHtml(
                "Share of the calls of each expert as the bias moves"),
                "One expert per medium is asked. Per window, the selection bias changes by a tenth of a logit against experts with "
                + "more calls than the mean.");

        yield return BeforeAndAfter(input, points[0], points[levelled]);

        var accuracy = new Plot(
            Axis.Around("busiest expert's share of the calls %", paths.SelectMany(path => path.Points).Select(p => 100 * p.Busiest), 0, 100, "0"),
            Axis.Around("accuracy %", paths.SelectMany(path => path.Points).Select(p => 100 * p.Accuracy), 0, 100, "0"));
        foreach (var (e, path) in paths.Index())
        {
            accuracy.Line($"90 % {path.Kind}", Plot.Colour(e), path.Points.Select(p => (100 * p.Busiest, 100 * p.Accuracy)));
            var (first, less) = (path.Points[0], SkewedLoad.Levelled(path.Points));
            accuracy.Dot(100 * first.Busiest, 100 * first.Accuracy, Plot.Colour(e), string.Create(CultureInfo.InvariantCulture, $"{path.Kind}: without bias"), 4.5);
            accuracy.Dot(
                100 * less.Busiest, 100 * less.Accuracy, Plot.Colour(e),
                string.Create(CultureInfo.InvariantCulture, $"{path.Kind}: a quarter less, or the closest point"));
        }

        yield return new Figure(
            "What levelling the load costs", accuracy.ToHtml(
                "Accuracy against the busiest expert's share, a line per kind of request"),
                "One line per kind that makes up 90 % of the requests, from right (no bias, large dot) to left. Moving load is cheap "
                + "only where another expert can answer.");
    }

    private static Figure BeforeAndAfter(ReportInput input, LoadPoint before, LoadPoint after)
    {
        var rows = string.Concat(input.Experts.Select((name, e) => string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><th>{Plot.Escaped(name)}</th><td>{100 * before.Shares[e]:0.0}</td><td>{100 * after.Shares[e]:0.0}</td><td>{after.Bias[e]:+0.0;-0.0;0}</td></tr>")));
        var sums = string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><th>accuracy %</th><td>{100 * before.Accuracy:0.0}</td><td>{100 * after.Accuracy:0.0}</td><td></td></tr>");
        return new Figure(
            "Load: before and after",
            $"<table><thead><tr><th>share of the calls %</th><th>without bias</th><th>with</th><th>bias</th></tr></thead><tbody>{rows}{sums}</tbody></table>",
            "The same stream at the first window where the busiest expert has a quarter less load. The bias affects the selection "
            + "only, never the weights.");
    }
}
