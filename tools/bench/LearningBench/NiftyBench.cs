using System.Globalization;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Scoring;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// Seven language models predict the next move of a stock index each day (NIFTY test split, 317 days). Default settings and log loss. A
/// prediction is converted to probabilities by its model's record so far (Laplace's rule of succession). The label of a day is used only
/// for later days. docs/learning-reference.md lists what was fixed before the labels were inspected.
/// </summary>
internal static class NiftyBench
{
    private static readonly string[] Labels = ["Fall", "Neutral", "Rise"];

    public static IReadOnlyList<Target> Run(string folder)
    {
        string[] files = [.. Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal)];
        var (truths, calls) = Read(files);
        int[] yesterday = [1, .. truths[..^1]];
        int[][] withYesterday = [.. calls, yesterday];

        Terminal.Line(
            $"[bold]Daily predictions of a stock index, {files.Length} language models, {truths.Length} days[/] (weighted F1; study: best single 0.345, vote 0.364, yesterday's label 0.398)");
        var table = new Table().Border(TableBorder.Simple).AddColumn("method").AddColumns(
            new TableColumn("weighted F1").RightAligned(), new TableColumn("accuracy %").RightAligned(), new TableColumn("with yesterday's\nlabel as an expert").RightAligned(),
            new TableColumn("F1, argmax").RightAligned());
        void Row(string name, int[] predicted, int[]? more = null, int[]? favourites = null) => table.AddRow(
            Markup.Escape(name), Format(predicted), (100 * Accuracy(predicted, truths)).ToString("0.0", CultureInfo.InvariantCulture), Format(more), Format(favourites));
        string Format(int[]? predicted) => predicted is null ? "" : WeightedF1(predicted, truths).ToString("0.000", CultureInfo.InvariantCulture);
        var single = calls.MaxBy(call => WeightedF1(call, truths))!;
        Row($"best single in hindsight ({Path.GetFileNameWithoutExtension(files[Array.IndexOf(calls, single)])})", single);
        Row("vote", Vote(calls), Vote(withYesterday));
        Row("yesterday's label", yesterday);
        Row("always Neutral", [.. truths.Select(_ => 1)]);
        Row("climatology", Follow(null, calls, truths).Chosen);
        var reached = new List<(string Name, double F1)>();
        foreach (var name in OnlineLearners.Table.Names)
        {
            var (chosen, favourites) = Follow(name, calls, truths);
            Row(name, chosen, Follow(name, withYesterday, truths).Chosen, favourites);
            reached.Add((name, WeightedF1(chosen, truths)));
        }

        AnsiConsole.Write(table);
        Terminal.Line(
            $"Online learners choose the label with the largest gain in F1 (F1Choice); the last column uses the most probable label. Climatology uses no expert.");
        Terminal.Line(
            $"The published 0.522 is not a target: given the experts' predictions, the released ones still predict the label of the same day (odds ratio 12), which is impossible for weights that see a label only afterwards. Climatology with the same choice separates the effect of the choice from that of the experts.");
        var best = reached.MaxBy(r => r.F1);
        return [Target.AtLeast($"nifty, the best online learner ({best.Name}), weighted F1", best.F1, 0.39)];
    }

    /// <summary>
    /// Predictions of a learner per day (or of the label frequencies so far, without one): chosen for F1, and the most probable label.
    /// </summary>
    private static (int[] Chosen, int[] Favourite) Follow(string? name, int[][] calls, int[] truths)
    {
        var learner = OnlineLearners.Table[name ?? "hedge"];
        double[] awake = [.. calls.Select(_ => 1.0)];
        var state = learner.Start([.. calls.Select((_, e) => $"expert-{e}")], "log");
        var choice = F1Decision.Start(Labels.Length);
        var hits = new double[calls.Length];
        var seen = new double[Labels.Length];
        var (chosen, favourite) = (new int[truths.Length], new int[truths.Length]);
        for (var day = 0; day < truths.Length; day++)
        {
            var prediction = learner.Predict(state, awake, [.. calls.Select((call, e) => Opinion(call[day], (hits[e] + 1) / (day + Labels.Length)))]);
            double[] answer = name is null ? [.. seen.Select(n => Math.Log((n + 1) / (day + Labels.Length)))] : [.. prediction.Answer!];
            favourite[day] = Distribution.ArgMax(answer);
            chosen[day] = choice.Decide(answer);
            choice = choice.Update(chosen[day], truths[day]);
            seen[truths[day]]++;
            state = learner.Update(state, prediction, truths[day]);
            for (var e = 0; e < calls.Length; e++)
            {
                hits[e] += calls[e][day] == truths[day] ? 1 : 0;
            }
        }

        return (chosen, favourite);
    }

    private static double[] Opinion(int call, double chance) =>
        [.. Labels.Select((_, k) => Math.Log(k == call ? chance : (1 - chance) / (Labels.Length - 1)))];

    private static int[] Vote(int[][] calls) => [.. calls[0].Select((_, day) =>
        Distribution.ArgMax([.. Labels.Select((_, k) => (double)calls.Count(call => call[day] == k))]))];

    private static double Accuracy(int[] predicted, int[] truths) => predicted.Zip(truths, (p, y) => p == y ? 1.0 : 0).Average();

    /// <summary>F1 per label, weighted by the frequency of the label.</summary>
    internal static double WeightedF1(int[] predicted, int[] truths) => Labels.Select((_, k) =>
    {
        double hits = predicted.Zip(truths).Count(pair => pair.First == k && pair.Second == k);
        double predictions = predicted.Count(p => p == k);
        double positives = truths.Count(y => y == k);
        return hits == 0 ? 0 : positives / truths.Length * 2 * hits / (predictions + positives);
    }).Sum();

    private static (int[] Truths, int[][] Calls) Read(string[] files)
    {
        var tables = files.Select(file =>
        {
            string[][] rows = [.. File.ReadLines(file).Select(line => line.Split(','))];
            int Column(string name) => Array.IndexOf(rows[0], name);
            int[] Labelled(string column) => [.. rows[1..].Select(row => Array.IndexOf(Labels, row[Column(column)]))];
            return (Truths: Labelled("label"), Calls: Labelled("predicted_label"), Ids: rows[1..].Select(row => row[Column("id")]).ToArray());
        }).ToArray();
        if (tables.Any(t => !t.Truths.SequenceEqual(tables[0].Truths) || !t.Ids.SequenceEqual(tables[0].Ids) || t.Truths.Contains(-1)))
        {
            throw new InvalidDataException("The NIFTY tables do not cover the same days.");
        }

        return (tables[0].Truths, [.. tables.Select(t => t.Calls)]);
    }
}
