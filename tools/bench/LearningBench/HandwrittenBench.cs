using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Scoring;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.LearningBench;

/// <summary>Six views of handwritten digits under fifteen corruptions: every rule, next to the results of an earlier study.</summary>
internal static class HandwrittenBench
{
    private const string Deployed = "learned, all six";
    private const string HeldOutState = "3 views noise";

    // These rules ask all six experts.
    private static readonly string[] PlainRules = ["uniform-linear", "accuracy-weighted", "uniform-log", "product", "dempster", "stacking"];

    /// <summary>Accuracy in the study's eight states; its noise and mixtures were drawn differently.</summary>
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

    /// <summary>Prints the tables for the test half, or for held-out training examples, and the held-out loss of two of six.</summary>
    public static async Task<IReadOnlyList<Target>> RunAsync(HandwrittenOptions options, CancellationToken cancellationToken)
    {
        var views = await SixViews.LoadAsync(options.File, options.Seed, cancellationToken);
        Terminal.Line(
            $"[bold]Handwritten, six views[/]: 1600 training and 400 test examples; accuracy of each expert on the clean test half {views.Describe()} %");
        var (heldOut, rest) = views.Split(options.Seed);
        var training = options.HeldOut ? rest : [.. heldOut, .. rest];
        var trained = TrainedViews.Train(views, training, options.Seed, options.Copies, cancellationToken);
        Terminal.Line($"gate and combiner: committees of {TrainedViews.Members}, trained on {trained.Draws.Sum(part => part.Examples.Count)} draws of out-of-fold opinions; form {trained.Combiner.Form}");
        var methods = Methods(trained, options.Seed, cancellationToken);
        Terminal.Line($"evaluated on {(options.HeldOut ? "held-out training examples" : "the test half")}");
        var (scores, losses) = (new Scorecard[Corruption.All.Count][], new Estimate[Corruption.All.Count]);
        Parallel.For(0, scores.Length, new ParallelOptions { CancellationToken = cancellationToken }, c =>
        {
            var corruption = Corruption.All[c];
            var chance = corruption.Chance(options.Seed);
            var test = options.HeldOut ? views.Train(heldOut, _ => corruption, options.Draws, chance) : views.Test(corruption, options.Draws, chance);
            scores[c] = [.. methods.Select(method => method.Answer(test).Answered)];
            losses[c] = TwoOfSix.Loss(trained.AskAll(test), trained.AskTwo(test), options.Draws);
        });
        Print("accuracy %", methods, (method, c) => 100 * scores[c][method].Accuracy, "0.0");
        Print("NLL", methods, (method, c) => scores[c][method].Nll, "0.000");
        Print("ECE", methods, (method, c) => scores[c][method].Ece, "0.000");
        PrintPublished();
        Estimate[] lost = [.. TwoOfSix.States.Select(state => losses[Corruption.All.Index().First(c => c.Item == state).Index])];
        Terminal.Line(
            $"points lost by asking two of six, with standard error: {string.Join("; ", TwoOfSix.States.Zip(lost, (state, loss) => $"{state.Name} {TwoOfSix.Format(loss)}"))}");
        return [.. Figures(methods, scores), .. LossFigures(lost, await TwoOfSix.HeldOutAsync(options, views, cancellationToken))];
    }

    /// <summary>A method of answering: the selection and weights of the experts, and the fusion rule.</summary>
    private sealed record Method(string Name, Func<RecordedSet, Replay> Answer);

    private static Method[] Methods(TrainedViews trained, int seed, CancellationToken cancellationToken)
    {
        // The rows named gate reproduce the study, whose gate had no features about the label. The combiner does not use them either.
        var dense = TrainedViews.TrainGate(trained.Draws, new TrainingOptions { Ignore = SixViews.DiscriminantFeatures }, seed, cancellationToken);
        var best = BestFirst(trained.Draws[0] with { Examples = [.. trained.Draws.SelectMany(part => part.Examples)] });
        IFusionRule Rule(string name) => FusionRules.Table[name](trained.Combiner);
        Method All(string name, string rule) => new(name, set => Replay.Of(set, new SelectionPolicy(dense, "soft"), Rule(rule)));
        Method Two(string name, string rule) => new(name, set => Replay.Of(set, new SelectionPolicy(dense, "top-k") { K = 2 }, Rule(rule)));
        return
        [
            new("best single", set => Replay.Of(set, Rule("linear"), (example, _, weights) => weights[best.First(e => example.Opinions[e] is not null)] = 1)),
            .. PlainRules.Select(rule => All(rule, rule)),
            All("gate linear, all six", "linear"),
            Two("gate linear, top-2", "linear"),
            All("gate log, all six", "log"),
            Two("gate log, top-2", "log"),
            new(Deployed, trained.AskAll),
            new("learned, top-2", trained.AskTwo),
        ];
    }

    // Sorts by accuracy on the training draws.
    private static int[] BestFirst(RecordedSet train)
    {
        double Accuracy(int e) => train.Examples.Where(x => x.Opinions[e] is not null)
            .Average(x => Multimodal.Learning.Numerics.Distribution.ArgMax(x.Opinions[e]) == x.Label ? 1.0 : 0);
        return [.. Enumerable.Range(0, train.Experts.Count).OrderByDescending(Accuracy)];
    }

    private static IEnumerable<Target> Figures(Method[] methods, Scorecard[][] scores)
    {
        var deployed = methods.Index().First(method => method.Item.Name == Deployed).Index;
        Scorecard At(string state) => scores[Corruption.All.Index().First(c => c.Item.Name == state).Index][deployed];
        yield return Target.AtLeast("handwritten, clean, accuracy %", 100 * At("clean").Accuracy, 99);
        yield return Target.AtLeast("handwritten, mix, accuracy %", 100 * At("mix").Accuracy, 96);
        yield return Target.AtLeast("handwritten, 2 swapped, accuracy %", 100 * At("2 swapped").Accuracy, 97.5);
        yield return Target.AtLeast("handwritten, everything mixed, accuracy %", 100 * At("everything").Accuracy, 84);
        yield return Target.AtMost("handwritten, mix, ECE", At("mix").Ece, 0.03);
    }

    // On the 400 test examples, the standard error of the loss with three noisy views is half the bound, so held-out examples decide.
    private static IEnumerable<Target> LossFigures(Estimate[] lost, IReadOnlyList<Estimate> heldOut) => TwoOfSix.States.Select((state, s) =>
        state.Name == HeldOutState
            ? Target.AtMost($"handwritten, {state.Name}, points lost by asking two of six, mean of held-out seeds", heldOut[s], 0.3)
            : Target.AtMost($"handwritten, {state.Name}, points lost by asking two of six", lost[s], 0.3));

    private static void Print(string what, Method[] methods, Func<int, int, double> value, string format)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(what).NoWrap());
        table.AddColumns([.. Corruption.All.Select(c => new TableColumn(Markup.Escape(c.Name.Replace(' ', '\n') + (c.Trained ? "" : "\n(unseen)"))).RightAligned())]);
        foreach (var (w, method) in methods.Index())
        {
            table.AddRow([Markup.Escape(method.Name), .. Corruption.All.Select(
                (_, c) => value(w, c).ToString(format, CultureInfo.InvariantCulture))]);
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
