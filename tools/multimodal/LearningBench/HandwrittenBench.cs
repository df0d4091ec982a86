using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Selection;
using Multimodal.Learning.Training;
using Multimodal.Tool.Commands;
using Spectre.Console;

namespace Multimodal.Tool.LearningBench;

/// <summary>Six views of handwritten digits in fifteen states of repair: every rule beside the figures of an earlier study.</summary>
internal static class HandwrittenBench
{
    private const string Deployed = "learned, all six";
    private const string DeployedTop2 = "learned, top-2";
    private const string DeployedGate = "pairs-by-label";

    // Of a gate; one of pairs has as many for each pair.
    private const int HiddenUnits = 8;

    // Members of the committees, and the memory of the mean over the steps of each (docs/decisions/0110).
    private const int Members = 5;
    private const double Averaging = 0.998;

    /// <summary>Accuracy that the study had in its eight states; its noise and mixtures were drawn by its own recipe.</summary>
    private static readonly (string Rule, double[] Accuracy)[] Published =
    [
        ("best single", [99.50, 90.25, 69.83, 97.82, 85.47, 69.97, 69.60, 60.82]),
        ("uniform-linear", [99.00, 98.80, 95.08, 97.82, 93.47, 98.58, 98.15, 82.88]),
        ("accuracy-weighted", [98.75, 98.65, 93.97, 98.20, 93.23, 98.55, 97.35, 79.90]),
        ("product", [99.25, 96.58, 81.12, 98.28, 86.80, 98.25, 95.88, 75.52]),
        ("dempster", [99.25, 97.30, 84.03, 98.25, 87.48, 98.45, 96.95, 77.50]),
        ("gate linear, all six", [99.25, 99.17, 97.85, 98.17, 95.53, 72.85, 69.55, 67.12]),
        ("gate linear, top-2", [99.25, 99.15, 97.85, 98.17, 95.40, 72.47, 69.47, 66.90]),
        ("gate log, all six", [98.75, 98.50, 97.78, 98.17, 96.33, 96.08, 85.00, 75.40]),
        ("learned, all six", [99.25, 98.95, 97.15, 97.95, 95.60, 98.38, 97.58, 83.12]),
    ];

    private static readonly string[] PublishedStates = ["clean", "1 view noise", "3 views noise", "3 missing", "mix", "2 shuffled", "2 swapped", "everything"];

    private static readonly string[] Top2States = ["clean", "3 missing", "1 view noise", "3 views noise"];

    /// <summary>Prints the tables of the test half; with <paramref name="heldOut"/>, those of a fifth of the training half, kept from gate and combiner.</summary>
    public static async Task<IReadOnlyList<WantedFigure>> RunAsync(
        string file, int seed, int copies, int draws, bool heldOut, CancellationToken cancellationToken)
    {
        var views = await SixViews.LoadAsync(file, seed, cancellationToken);
        Terminal.Line($"[bold]Handwritten, six views[/]: 1600 training and 400 test examples, experts alone on the clean test half {views.Describe()} %");
        int[] order = [.. Enumerable.Range(0, views.TrainLabels.Length)];
        new Random(seed).Shuffle(order);
        int[] held = heldOut ? order[..(order.Length / 5)] : [];
        var ways = Train(views, order[held.Length..], seed, copies, cancellationToken);
        Terminal.Line($"judged on {(heldOut ? "training examples that gate and combiner have not seen" : "the test half")}");
        var scores = new Scored[Corruption.All.Count][];
        Parallel.For(0, scores.Length, new ParallelOptions { CancellationToken = cancellationToken }, c =>
        {
            var chance = new Random(seed + 1000 + c);
            var test = heldOut ? views.Train(held, _ => Corruption.All[c], draws, chance) : views.Test(Corruption.All[c], draws, chance);
            scores[c] = [.. ways.Select(way => Score(test, way))];
        });
        Print("accuracy %", ways, (way, c) => 100 * scores[c][way].Card.Accuracy, "0.0");
        Print("NLL", ways, (way, c) => scores[c][way].Card.Nll, "0.000");
        Print("ECE", ways, (way, c) => scores[c][way].Card.Ece, "0.000");
        PrintPublished();
        Scored At(string way, string state) => scores[Corruption.All.Index().First(c => c.Item.Name == state).Index][ways.Index().First(w => w.Item.Name == way).Index];
        double Accuracy(string way, string state) => 100 * At(way, state).Card.Accuracy;
        Terminal.Line($"points lost by asking two of six, and their standard error: {string.Join("; ", Top2States.Select(state => $"{state} {Loss(At(Deployed, state), At(DeployedTop2, state), draws)}"))}");
        return
        [
            WantedFigure.AtLeast("handwritten, clean, accuracy %", Accuracy(Deployed, "clean"), 99),
            WantedFigure.AtLeast("handwritten, mix, accuracy %", Accuracy(Deployed, "mix"), 96),
            WantedFigure.AtLeast("handwritten, 2 swapped, accuracy %", Accuracy(Deployed, "2 swapped"), 97.5),
            WantedFigure.AtLeast("handwritten, everything mixed, accuracy %", Accuracy(Deployed, "everything"), 84),
            WantedFigure.AtMost("handwritten, mix, ECE", At(Deployed, "mix").Card.Ece, 0.03),
            .. Top2States.Select(state => WantedFigure.AtMost(
                $"handwritten, {state}, points lost by asking two of six", Accuracy(Deployed, state) - Accuracy(DeployedTop2, state), 0.3)),
        ];
    }

    /// <summary>A way of answering: who is asked with which weight, and how what they say is fused.</summary>
    private sealed record Way(string Name, IFusionRule Rule, Action<RecordedExample, double[]> Ask);

    private static Way[] Train(SixViews views, int[] examples, int seed, int copies, CancellationToken cancellationToken)
    {
        // Everything here was chosen on held-out training examples; the test half was not asked.
        var random = new Random(seed);
        int[][] parts = [.. Enumerable.Range(0, Members).Select(m => examples.Where((_, i) => i % Members == m).ToArray())];
        RecordedSet[] Draw(Func<Random, Corruption> draw) => [.. parts.Select(part => views.Train(part, draw, copies, random))];
        IGate Gate(RecordedSet[] on, TrainingOptions options) => Gates.Open(
            Committee.TrainGate(on, options with { HiddenUnits = HiddenUnits, Averaging = Averaging }, new Random(seed), null, cancellationToken));
        var train = Draw(Corruption.DrawForTraining);

        // The rows named gate are those of the study, whose gate had no glance at the label; the combiner learns whom to believe without one too.
        var dense = Gate(train, new TrainingOptions { Ignore = SixViews.Glances });
        var pairs = Gate(Draw(Corruption.DrawForTraining), new TrainingOptions { Gate = DeployedGate, FeatureDropout = 0.2, L2 = 3e-4 });
        var state = Committee.TrainCombiner(
            train, pairs,
            TrainingOptions.ForCombiner with
            {
                Strategy = Gates.StrategyOf(DeployedGate),
                LearningRate = 0.005,
                L2 = 0.001,
                Averaging = Averaging,
                Ignore = SixViews.Glances,
            },
            new Random(seed), null, cancellationToken);
        Terminal.Line($"gate and combiner: committees of {Members}, trained on {train.Sum(part => part.Examples.Count)} draws of out-of-fold opinions; form {state.Form}");
        IFusionRule Rule(string name) => FusionRules.Table[name](state);
        var best = BestFirst(train[0] with { Examples = [.. train.SelectMany(part => part.Examples)] });
        var soft = SelectionStrategies.Table["soft"];
        var topK = SelectionStrategies.Table["top-k"];
        void All(RecordedExample example, double[] weights) => Choose(dense, soft, null, example, weights);
        void Two(RecordedExample example, double[] weights) => Choose(dense, topK, 2, example, weights);
        void AllByPairs(RecordedExample example, double[] weights) => Choose(pairs, soft, null, example, weights);
        void TwoByPairs(RecordedExample example, double[] weights) => Choose(pairs, topK, 2, example, weights);
        return
        [
            new("best single", Rule("linear"), (example, weights) => weights[best.First(e => example.Opinions[e] is not null)] = 1),
            new("uniform-linear", Rule("uniform-linear"), All),
            new("accuracy-weighted", Rule("accuracy-weighted"), All),
            new("uniform-log", Rule("uniform-log"), All),
            new("product", Rule("product"), All),
            new("dempster", Rule("dempster"), All),
            new("stacking", Rule("stacking"), All),
            new("gate linear, all six", Rule("linear"), All),
            new("gate linear, top-2", Rule("linear"), Two),
            new("gate log, all six", Rule("log"), All),
            new("gate log, top-2", Rule("log"), Two),
            new(Deployed, Rule("learned"), AllByPairs),
            new(DeployedTop2, Rule("learned"), TwoByPairs),
        ];
    }

    private static void Choose(IGate gate, ISelectionStrategy strategy, int? k, RecordedExample example, double[] weights)
    {
        var logits = new double[weights.Length];
        gate.Score(example.Features, logits);
        strategy.Select(new Candidates(logits, [.. example.Opinions.Select(o => o is not null)]), k, weights);
    }

    // By accuracy on what training drew.
    private static int[] BestFirst(RecordedSet train)
    {
        double Accuracy(int e) => train.Examples.Where(x => x.Opinions[e] is not null)
            .Average(x => Multimodal.Learning.Numerics.Distribution.ArgMax(x.Opinions[e]) == x.Label ? 1.0 : 0);
        return [.. Enumerable.Range(0, train.Experts.Count).OrderByDescending(Accuracy)];
    }

    /// <summary>How a way of answering did.</summary>
    /// <param name="Card">In all.</param>
    /// <param name="Right">Per request, the draws of an example one after the other.</param>
    private sealed record Scored(Scorecard Card, bool[] Right);

    // Draws of one example fail together, so what is drawn at random are the examples.
    private static string Loss(Scored all, Scored two, int draws)
    {
        double[] lost = [.. all.Right.Zip(two.Right, (a, b) => 100.0 * ((a ? 1 : 0) - (b ? 1 : 0))).Chunk(draws).Select(example => example.Average())];
        var mean = lost.Average();
        var error = Math.Sqrt(lost.Average(x => (x - mean) * (x - mean)) / (lost.Length - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} +- {error:0.000}");
    }

    private static Scored Score(RecordedSet test, Way way)
    {
        var answers = new double[test.Examples.Count][];
        foreach (var (n, example) in test.Examples.Index())
        {
            var weights = new double[test.Experts.Count];
            way.Ask(example, weights);
            WeighedOpinion[] opinions =
            [
                .. example.Opinions.Index().Where(o => o.Item is not null && weights[o.Index] > 0)
                    .Select(o => new WeighedOpinion(test.Experts[o.Index].Name, weights[o.Index], o.Item!)),
            ];
            answers[n] = way.Rule.Fuse(opinions, example.Features).LogProbabilities;
        }

        int[] labels = [.. test.Examples.Select(example => example.Label)];
        return new Scored(
            Scorecard.Of(answers, labels), [.. answers.Select((answer, n) => Multimodal.Learning.Numerics.Distribution.ArgMax(answer) == labels[n])]);
    }

    private static void Print(string what, Way[] ways, Func<int, int, double> value, string format)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(what).NoWrap());
        table.AddColumns([.. Corruption.All.Select(c => new TableColumn(Markup.Escape(c.Name.Replace(' ', '\n') + (c.Trained ? "" : "\n(unseen)"))).RightAligned())]);
        foreach (var (w, way) in ways.Index())
        {
            table.AddRow([Markup.Escape(way.Name), .. Corruption.All.Select((_, c) => value(w, c).ToString(format, CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Write(table);
    }

    private static void PrintPublished()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("accuracy % of the study");
        table.AddColumns([.. PublishedStates.Select(state => new TableColumn(Markup.Escape(state)).RightAligned())]);
        foreach (var (rule, accuracy) in Published)
        {
            table.AddRow([Markup.Escape(rule), .. accuracy.Select(a => a.ToString("0.0", CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Write(table);
    }
}
