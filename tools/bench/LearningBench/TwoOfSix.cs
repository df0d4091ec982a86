using System.Globalization;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Scoring;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.LearningBench;

/// <summary>Accuracy lost by asking two of the six experts instead of all, in percentage points.</summary>
internal static class TwoOfSix
{
    /// <summary>The corruptions that are measured.</summary>
    public static IReadOnlyList<Corruption> States { get; } =
        [.. new[] { "clean", "3 missing", "1 view noise", "3 views noise" }.Select(name => Corruption.All.First(corruption => corruption.Name == name))];

    /// <summary>The loss on one set. Draws of one example are correlated, so the standard error is over examples, not over draws.</summary>
    public static Estimate Loss(Replay all, Replay two, int draws) => Estimate.Mean(
        [.. all.Set.Examples.Select((_, n) => 100.0 * ((all.IsCorrect(n) ? 1 : 0) - (two.IsCorrect(n) ? 1 : 0))).Chunk(draws).Select(example => example.Average())]);

    /// <summary>
    /// For each of <see cref="States"/>, the mean loss over seeds with its standard error. A seed draws the experts, the gate, the combiner
    /// and the evaluated fifth of the training half, which none of them was trained on. The fifths of different seeds overlap, so the
    /// standard error underestimates the effect of a different training half.
    /// </summary>
    /// <param name="options">Seeds and data.</param>
    /// <param name="first">Views of the first seed.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public static async Task<IReadOnlyList<Estimate>> HeldOutAsync(HandwrittenOptions options, SixViews first, CancellationToken cancellationToken)
    {
        var losses = new double[options.HeldOutSeeds][];
        await Parallel.ForAsync(0, losses.Length, cancellationToken, async (s, cancel) =>
        {
            var seed = options.Seed + s;
            var views = s == 0 ? first : await SixViews.LoadAsync(options.File, seed, cancel);
            losses[s] = Losses(views, options, seed, cancel);
            Terminal.Line($"held-out seed {seed}: points lost {string.Join(", ", States.Select((state, n) => $"{state.Name} {Format(losses[s][n])}"))}");
        });
        Estimate[] means = [.. States.Select((_, state) => Estimate.Mean([.. losses.Select(seed => seed[state])]))];
        Print(options.Seed, losses, means);
        return means;
    }

    private static double[] Losses(SixViews views, HandwrittenOptions options, int seed, CancellationToken cancellationToken)
    {
        var (heldOut, training) = views.Split(seed);
        var trained = TrainedViews.Train(views, training, seed, options.Copies, cancellationToken);
        return
        [
            .. States.Select(state =>
            {
                var set = views.Train(heldOut, _ => state, options.Draws, state.Chance(seed));
                return Loss(trained.AskAll(set), trained.AskTwo(set), options.Draws).Value;
            }),
        ];
    }

    private static void Print(int firstSeed, double[][] losses, Estimate[] means)
    {
        Terminal.Line($"points lost by asking two of six, on a held-out fifth of the training half, {losses.Length} seeds");
        var table = new Table().Border(TableBorder.Simple).AddColumn("seed").AddColumns([.. States.Select(state => new TableColumn(state.Name).RightAligned())]);
        foreach (var (s, loss) in losses.Index())
        {
            table.AddRow([(firstSeed + s).ToString(CultureInfo.InvariantCulture), .. loss.Select(Format)]);
        }

        table.AddRow(["mean", .. means.Select(mean => Format(mean.Value))]);
        table.AddRow(["standard error", .. means.Select(mean => Format(mean.StandardError))]);
        AnsiConsole.Write(table);
    }

    /// <summary>Formats a loss with its standard error.</summary>
    public static string Format(Estimate loss) => $"{Format(loss.Value)} +- {Format(loss.StandardError)}";

    private static string Format(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
