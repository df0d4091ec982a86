using System.Globalization;
using Multimodal.Learning.Evaluation;
using Multimodal.Tool.Studies;

namespace Multimodal.Tool.Report;

/// <summary>Behaviour during a temporary fault of one expert: the deployed rule, in waves, with trust learned from feedback.</summary>
internal static class TrustFigures
{
    private const int Stride = 25;
    private const int Window = 150;
    private const int Orders = 4;

    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        if (input.Package.Trust is null)
        {
            yield break;
        }

        var count = input.Set.Examples.Count;
        var (faultFrom, faultTo) = (count * 2 / 5, count * 4 / 5);
        var faulty = input.Answers.Calls.Index().MaxBy(calls => calls.Item).Index;
        var deployed = DeployedTrust.Settings(input.Package);
        TrustRun[] Run(TrustSettings? how, bool isKnown) => DeployedTrust.RunAll(
            new TrustStudy(input.Gate, input.Rule, how), input.Set, [.. Enumerable.Repeat(
                new ExpertFault(faulty, faultFrom, faultTo, isKnown), Orders)], input.Seed);

        var withTrust = Run(deployed, isKnown: false);
        (string Name, string Colour, TrustRun[] Runs)[] rows =
        [
            (
                "trust from feedback, as deployed", Plot.Colour(0),
                withTrust), ("full trust", Plot.Colour(1), Run(null, isKnown: false)), ("fault known", "var(--ink)", Run(null, isKnown: true)),
        ];
        yield return Answers(rows, count, faultFrom, faultTo, input.Experts[faulty]);
        double[][] trust = [.. withTrust.Select(run => run.Trust.Select(each => each[faulty]).ToArray())];
        yield return Trust(trust, faultFrom, faultTo, input.Experts[faulty]);
    }

    private static Figure Answers(
        (string Name, string Colour, TrustRun[] Runs)[] rows, int count, int faultFrom, int faultTo, string expert)
    {
        double[][] lines =
        [
            .. rows.Select(row => Enumerable.Range(0, (count - Window) / Stride)
                .Select(i => 100 * row.Runs.Average(run => run.Correct.Skip(i * Stride).Take(Window).Average(hit => hit ? 1.0 : 0))).ToArray()),
        ];
        var plot = new Plot(new Axis("feedbacks", 0, count, "0"), Axis.Around("accuracy %", lines.SelectMany(line => line), 0, 100, "0"));
        foreach (var (l, row) in rows.Index())
        {
            plot.Line(row.Name, row.Colour, lines[l].Select((y, i) => ((double)i * Stride + Window, y)), dashed: l == rows.Length - 1);
        }

        plot.Upright(faultFrom, "fails").Upright(faultTo, "recovers");
        return new Figure($"Answers while {expert} is faulty", plot.ToHtml("Accuracy over time with and without trust"), string.Create(
            CultureInfo.InvariantCulture,
            $"Accuracy over the last {Window} answers, mean of {Orders} orders of the requests, each answered as deployed before its "
            + $"label is revealed. Fault: permuted labels with the same confidence."));
    }

    private static Figure Trust(double[][] runs, int faultFrom, int faultTo, string expert)
    {
        var count = runs[0].Length;
        var plot = new Plot(new Axis("feedbacks", 0, count, "0"), new Axis("trust", 0, 1, "0.0"));
        foreach (var (order, trust) in runs.Index())
        {
            plot.Line($"order {order + 1}", Plot.Colour(order), Enumerable.Range(0, count / Stride).Select(i => ((double)i * Stride, trust[i * Stride])));
        }

        plot.Upright(faultFrom, "fails").Upright(faultTo, "recovers");
        return new Figure(
            $"Trust in {expert}", plot.ToHtml("Trust over time"),
            "1: full trust, as in training. Opinions are discounted by trust, and an expert with low trust is rarely asked, except in "
            + "one request of ten that explores whether it has recovered.");
    }
}
