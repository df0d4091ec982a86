using System.Globalization;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Online;

namespace Multimodal.Tool.Report;

/// <summary>Weights learned online from feedback.</summary>
internal static class OnlineFigures
{
    // Feedbacks per point of a curve, and per mean of an accuracy.
    private const int Stride = 25;
    private const int Window = 150;

    public static IEnumerable<Figure> Draw(ReportInput input)
    {
        // The most frequently asked expert, whose fault costs most.
        var faulty = input.Answers.Calls.Index().MaxBy(calls => calls.Item).Index;
        var examples = input.Set.Examples.ToArray();
        string[] learners = [.. OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions)];
        var studies = new DriftStudy[learners.Length];
        Parallel.For(0, learners.Length, l => studies[l] = DriftStudy.Run(input.Set, null, learners[l], faulty));
        var half = examples.Length / 2;
        var html = string.Concat(learners.Select((name, l) =>
        {
            var plot = new Plot(new Axis("feedbacks", 0, examples.Length, "0"), new Axis("weight", 0, 1, "0.0"), 360, 230);
            foreach (var (e, expert) in input.Experts.Index())
            {
                plot.Line(expert, Plot.Colour(e), Enumerable.Range(0, examples.Length / Stride)
                    .Select(i => ((i + 0.5) * Stride, studies[l].Weights.Skip(i * Stride).Take(Stride).Average(weights => weights[e]))));
            }

            return $"<div><h4>{name}</h4>{plot.Upright(half, "fails").ToHtml($"Weights of {name} over time", legend: false)}</div>";
        }));
        var legend = Plot.Legend(input.Experts.Select((name, e) => (name, Plot.Colour(e))));
        yield return new Figure(
            $"Online weights over time: {input.Experts[faulty]} fails half-way", $"<div class=\"small wide\">{html}</div>{legend}",
            "Means over 25 feedbacks. The learners get the recorded labels in order, with log loss and default settings; all experts "
            + "that answered are awake. From the line on, the labels of one expert are permuted: same confidence, wrong labels.", Wide: true);
        yield return Accuracy(learners, studies, half);
    }

    private static Figure Accuracy(string[] learners, DriftStudy[] studies, int half)
    {
        double[] Rolling(IReadOnlyList<bool> right) =>
            [.. Enumerable.Range(0, (right.Count - Window) / Stride).Select(i => 100 * right.Skip(i * Stride).Take(Window).Average(hit => hit ? 1.0 : 0))];
        double[][] lines = [.. studies.Select(study => Rolling(study.Correct))];
        var oracle = Rolling(studies[0].OracleCorrect);
        var plot = new Plot(
            new Axis("feedbacks", 0, studies[0].Correct.Count, "0"), Axis.Around("accuracy %", lines.SelectMany(line => line).Concat(oracle), 0, 100, "0"), 1080, 320);
        foreach (var (l, name) in learners.Index())
        {
            plot.Line(name, Plot.Colour(l), lines[l].Select((y, i) => ((double)i * Stride + Window, y)));
        }

        plot.Line(
            "best fixed weights of each half, in hindsight", "var(--ink)", oracle.Select((y, i) => ((double)i * Stride + Window, y)),
            dashed: true).Upright(half, "fails");
        return new Figure(
            "Answers by online weights alone", plot.ToHtml("Accuracy over time of each learner and of the best weights in hindsight"), string.Create(
                CultureInfo.InvariantCulture,
                $"Accuracy over the last {Window} answers, each before its label is revealed. The dashed line uses future labels."), Wide: true);
    }
}
