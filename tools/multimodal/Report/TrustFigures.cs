using System.Globalization;
using Multimodal.Learning.Evaluation;
using Multimodal.Tool.Studies;

namespace Multimodal.Tool.Report;

/// <summary>What the service does while an expert breaks and is mended: its own rule, in waves, under trust that feedback teaches.</summary>
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
        var (breaks, mended) = (count * 2 / 5, count * 4 / 5);
        var broken = input.Answers.Calls.Index().MaxBy(calls => calls.Item).Index;
        var deployed = DeployedTrust.Settings(input.Package);
        TrustRun[] Run(TrustSettings? how, bool known) => DeployedTrust.RunAll(
            new TrustStudy(input.Gate, input.Rule, how), input.Set, [.. Enumerable.Repeat(new ExpertFault(broken, breaks, mended, known), Orders)], input.Seed);

        var believed = Run(deployed, known: false);
        (string Name, string Colour, TrustRun[] Runs)[] rows =
        [
            ("trust from feedback, as deployed", Plot.Colour(0), believed), ("everybody believed", Plot.Colour(1), Run(null, known: false)), ("the break is known", "var(--ink)", Run(null, known: true)),
        ];
        yield return Answers(rows, count, breaks, mended, input.Experts[broken]);
        double[][] trust = [.. believed.Select(run => run.Trust.Select(each => each[broken]).ToArray())];
        yield return Trust(trust, breaks, mended, input.Experts[broken]);
    }

    private static Figure Answers((string Name, string Colour, TrustRun[] Runs)[] rows, int count, int breaks, int mended, string expert)
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

        plot.Upright(breaks, "breaks").Upright(mended, "mended");
        return new Figure($"Answers while {expert} is broken", plot.ToHtml("Accuracy over time with and without trust"), string.Create(
            CultureInfo.InvariantCulture, $"Right among the last {Window}, means of {Orders} orders of the requests; each answered as in service, before its label was told. Broken: its labels are permuted, as sure as before."));
    }

    private static Figure Trust(double[][] runs, int breaks, int mended, string expert)
    {
        var count = runs[0].Length;
        var plot = new Plot(new Axis("feedbacks", 0, count, "0"), new Axis("trust", 0, 1, "0.0"));
        foreach (var (order, trust) in runs.Index())
        {
            plot.Line($"order {order + 1}", Plot.Colour(order), Enumerable.Range(0, count / Stride).Select(i => ((double)i * Stride, trust[i * Stride])));
        }

        plot.Upright(breaks, "breaks").Upright(mended, "mended");
        return new Figure($"Trust in {expert}", plot.ToHtml("Trust over time"), "1: believed as the gate and the combiner were trained to. An opinion is discounted by it, and an expert that is not believed is hardly asked, but for one request in ten that looks whether it is back.");
    }
}
