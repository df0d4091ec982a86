namespace Multimodal.Bench.LearningBench;

/// <summary>A corruption of the six views of an example. Views are standardised, so 1 is one standard deviation.</summary>
/// <param name="Name">Name of its column in the table.</param>
/// <param name="Trained">Whether training draws it or all of its parts.</param>
/// <param name="Corrupt">Changes the views in place; null marks a missing view. Arguments: data by view, index of the example, random
/// source.</param>
internal sealed record Corruption(string Name, bool Trained, Action<double[]?[], double[][][], int, Random> Corrupt)
{
    private static readonly double[] Strengths = [1, 2, 5];

    /// <summary>The corruptions in the order of the table.</summary>
    public static IReadOnlyList<Corruption> All { get; } =
    [
        new("clean", true, (_, _, _, _) => { }),
        new("1 view noise", true, (views, _, _, random) => ForEachOf(1, random, v => views[v] = Noisy(views[v]!, 5, random))),
        new("3 views noise", true, (views, _, _, random) => ForEachOf(3, random, v => views[v] = Noisy(views[v]!, 5, random))),
        new("all weak noise", true, (views, _, _, random) => ForEachOf(6, random, v => views[v] = Noisy(views[v]!, 1, random))),
        new("3 missing", true, (views, _, _, random) => ForEachOf(3, random, v => views[v] = null)),
        new("5 missing", true, (views, _, _, random) => ForEachOf(5, random, v => views[v] = null)),
        new(
            "mix", true,
            (views, data, i, random) => CorruptAtRandom(views, data, i, random, (Missing: 0.3, Noise: 0.3, Shuffled: 0, Swapped: 0))),
        new("2 shuffled", true, (views, _, _, random) => ForEachOf(2, random, v => views[v] = Shuffled(views[v]!, random))),
        new("1 swapped", true, (views, data, i, random) => ForEachOf(1, random, v => views[v] = data[v][OtherExample(data, i, random)])),
        new("2 swapped", true, (views, data, i, random) => ForEachOf(2, random, v => views[v] = data[v][OtherExample(data, i, random)])),
        new("2 conspire", true, SwapConsistently),
        new("everything", true, (views, data, i, random) =>
            CorruptAtRandom(views, data, i, random, (Missing: 0.2, Noise: 0.2, Shuffled: 0.15, Swapped: 0.135))),
        new("2 dead", false, (views, _, _, random) => ForEachOf(2, random, v => views[v] = new double[views[v]!.Length])),
        new("2 too loud", false, (views, _, _, random) => ForEachOf(2, random, v => views[v] = [.. views[v]!.Select(x => 4 * x)])),
        new("2 half lost", false, (views, _, _, random) => ForEachOf(
            2, random, v => views[v] = [.. views[v]!.Select((x, f) => f < views[v]!.Length / 2 ? 0 : x)])),
    ];

    private static readonly string[] DetectableNames = ["clean", "1 view noise", "3 views noise", "all weak noise", "3 missing", "5 missing", "mix"];

    // Share of the training draws that use all corruptions, not only those that level and outliers reveal.
    private const double AllKindsShare = 0.2;

    private static readonly Corruption[] TrainedKinds = [.. All.Where(kind => kind.Trained)];
    private static readonly Corruption[] DetectableKinds = [.. All.Where(kind => DetectableNames.Contains(kind.Name))];

    /// <summary>
    /// Draws a corruption for training gate and combiner: three in ten clean, the others one of the trained kinds. Shuffled and swapped
    /// views are rare (one draw in sixteen). With more of them, two of six experts improve on those and get worse on noisy ones
    /// (docs/studies: convolution-and-noise-filter, pairs-by-label).
    /// </summary>
    public static Corruption DrawForTraining(Random random) => Draw(
        random.NextDouble() < AllKindsShare ? TrainedKinds : DetectableKinds, random);

    private static Corruption Draw(Corruption[] kinds, Random random) =>
        random.NextDouble() < 0.3 ? kinds[0] : kinds[random.Next(1, kinds.Length)];

    /// <summary>The random source of evaluation sets; each corruption has its own.</summary>
    public Random Chance(int seed) => new(seed + 1000 + All.Index().First(corruption => corruption.Item == this).Index);

    /// <summary>Returns a corrupted copy of one example; at least one view remains.</summary>
    public double[]?[] Apply(double[][][] data, int example, Random random)
    {
        double[]?[] views = [.. data.Select(view => view[example])];
        Corrupt(views, data, example, random);
        if (views.All(view => view is null))
        {
            var kept = random.Next(views.Length);
            views[kept] = data[kept][example];
        }

        return views;
    }

    // Both views come from the same other example: they agree, possibly on a wrong label.
    private static void SwapConsistently(double[]?[] views, double[][][] data, int example, Random random)
    {
        var other = OtherExample(data, example, random);
        ForEachOf(2, random, v => views[v] = data[v][other]);
    }

    private static void CorruptAtRandom(
        double[]?[] views, double[][][] data, int example, Random random, (double Missing, double Noise, double Shuffled, double Swapped) chances)
    {
        var (missing, noise, shuffled, swapped) = chances;
        for (var v = 0; v < views.Length; v++)
        {
            var drawn = random.NextDouble();
            views[v] = drawn < missing ? null
                : drawn < missing + noise ? Noisy(views[v]!, Strengths[random.Next(Strengths.Length)], random)
                : drawn < missing + noise + shuffled ? Shuffled(views[v]!, random)
                : drawn < missing + noise + shuffled + swapped ? data[v][OtherExample(data, example, random)]
                : views[v];
        }
    }

    private static void ForEachOf(int count, Random random, Action<int> corrupt)
    {
        int[] order = [.. Enumerable.Range(0, SixViews.Views)];
        random.Shuffle(order);
        foreach (var v in order[..count])
        {
            corrupt(v);
        }
    }

    private static int OtherExample(
        double[][][] data, int example, Random random) => (example + random.Next(1, data[0].Length)) % data[0].Length;

    // Permuting the values keeps the view's level and outliers unchanged.
    private static double[] Shuffled(double[] view, Random random)
    {
        double[] shuffled = [.. view];
        random.Shuffle(shuffled);
        return shuffled;
    }

    public static double[] Noisy(double[] view, double deviation, Random random) =>
        [.. view.Select(x => x + deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
}
