using System.Globalization;
using Multimodal.Learning.Calibration;
using Multimodal.Learning.Data;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// UCI Multiple Features: six views of handwritten digits, one expert per view. Opinions on training examples come from experts fitted
/// without the example's fold, so gate and combiner learn from opinions on unseen inputs.
/// </summary>
internal sealed class SixViews
{
    public const int Views = 6;
    public const int Labels = 10;
    private const int Folds = 5;

    // Lower bound of ln p of the discriminant, so that one extreme value does not dominate the gate.
    private const double MinLogProbability = -8;

    private static readonly string[] FeatureNames =
        ["", ".level", ".level-squared", ".outliers", ".outliers-squared", .. Enumerable.Range(0, Labels).Select(label => $".discriminant-{label}")];

    /// <summary>Name prefixes of the discriminant features.</summary>
    public static IReadOnlyList<string> DiscriminantFeatures { get; } = [.. Enumerable.Range(1, Views).Select(v => $"view-{v}.discriminant")];

    private readonly double[][][] _train;
    private readonly double[][][] _test;
    private readonly int[] _fold;
    private readonly (ViewExpert Expert, LinearDiscriminant Discriminant)[,] _withoutFold = new (ViewExpert, LinearDiscriminant)[Views, Folds];

    // Fitted on the whole training half; only needed for the test half.
    private readonly Lazy<(ViewExpert Expert, LinearDiscriminant Discriminant)[]> _whole;
    private readonly double[] _temperatures;

    private SixViews(IReadOnlyDictionary<string, double[][]> arrays, int seed)
    {
        TrainLabels = [.. arrays["gt_train"].Select(row => (int)row[0] - 1)];
        TestLabels = [.. arrays["gt_test"].Select(row => (int)row[0] - 1)];
        var random = new Random(seed);
        _fold = [.. TrainLabels.Select((_, i) => i % Folds)];
        random.Shuffle(_fold);
        (_train, _test) = (new double[Views][][], new double[Views][][]);
        for (var v = 0; v < Views; v++)
        {
            (_train[v], _test[v]) = Standardised(arrays[$"x{v + 1}_train"], arrays[$"x{v + 1}_test"]);
        }

        int[] seeds = [.. Enumerable.Range(0, Views).Select(_ => random.Next())];
        NoiseFilter[] filters = [.. _train.Select(NoiseFilter.Fit)];
        (ViewExpert, LinearDiscriminant) Fit(int v, int? without)
        {
            int[] kept = [.. Enumerable.Range(0, _fold.Length).Where(i => _fold[i] != without)];
            double[][] rows = [.. kept.Select(i => _train[v][i])];
            int[] truths = [.. kept.Select(i => TrainLabels[i])];
            var seed = seeds[v] + (without + 1 ?? 0);
            return (
                ViewExpert.Fit(NetworkOf(v), filters[v], (rows, truths), Labels, new Random(seed)),
                LinearDiscriminant.Fit(rows, truths, Labels, new Random(seed + Folds + 1)));
        }

        Parallel.For(0, Views * Folds, job => _withoutFold[job % Views, job / Views] = Fit(job % Views, job / Views));
        _whole = new(() =>
        {
            var whole = new (ViewExpert, LinearDiscriminant)[Views];
            Parallel.For(0, Views, v => whole[v] = Fit(v, null));
            return whole;
        });
        _temperatures = [.. Enumerable.Range(0, Views).Select(v => TemperatureScaling.Fit(
            [.. _train[v].Select((row, i) => _withoutFold[v, _fold[i]].Expert.LogProbabilities(row))], TrainLabels))];
    }

    public int[] TrainLabels { get; }

    public int[] TestLabels { get; }

    public static async Task<SixViews> LoadAsync(string path, int seed, CancellationToken cancellationToken) =>
        new(MatFile.Read(await File.ReadAllBytesAsync(path, cancellationToken)), seed);

    /// <summary>Splits the training half at random into a fifth that evaluates gates and combiners and a rest that trains them.</summary>
    public (int[] HeldOut, int[] Training) Split(int seed)
    {
        int[] order = [.. Enumerable.Range(0, TrainLabels.Length)];
        new Random(seed).Shuffle(order);
        return (order[..(order.Length / 5)], order[(order.Length / 5)..]);
    }

    /// <summary>Corrupted training examples with out-of-fold opinions.</summary>
    public RecordedSet Train(IEnumerable<int> examples, Func<Random, Corruption> draw, int copies, Random random) => Record(
        [.. examples.SelectMany(i => Enumerable.Repeat(i, copies))], (_train, TrainLabels), draw, random, (v, i) => _withoutFold[v, _fold[i]]);

    /// <summary>Corrupted test examples with opinions of experts fitted on the whole training half.</summary>
    public RecordedSet Test(Corruption corruption, int copies, Random random) => Record(
        [.. Enumerable.Range(0, TestLabels.Length).SelectMany(i => Enumerable.Repeat(i, copies))], (_test, TestLabels), _ => corruption, random, (v, _) => _whole.Value[v]);

    private RecordedSet Record(
        int[] examples, (double[][][] Views, int[] Labels) half, Func<Random, Corruption> draw, Random random, Func<int, int, (ViewExpert Expert, LinearDiscriminant Discriminant)> of)
    {
        var (data, labels) = half;
        RecordedExample One(int i)
        {
            var views = draw(random).Apply(data, i, random);
            return new RecordedExample(
                [.. views.SelectMany((view, v) => Describe(view, of(v, i).Discriminant))], labels[i], [.. views.Select((view, v) => view is null ? null : Opinion(of(v, i).Expert, v, view))]);
        }

        string[] names = [.. Enumerable.Range(1, Views).Select(v => $"view-{v}")];
        return new RecordedSet
        {
            Experts = [.. names.Select(name => new RecordedExpert(name, name))],
            Features = [.. names.SelectMany(name => FeatureNames.Select(feature => name + feature))],
            Blocks = [.. names.Select((name, v) => new ModalityBlock(name, v * FeatureNames.Length, FeatureNames.Length))],
            LabelCount = Labels,
            Examples = [.. examples.Select(One)],
        };
    }

    // The first view is the picture itself, averaged over 2 x 3 pixels: sixteen rows of fifteen.
    private IExpertNetwork NetworkOf(int v) => v == 0 ? new ConvolutionNetwork(16, 15, Labels) : new DenseNetwork(_train[v][0].Length, Labels);

    private double[] Opinion(ViewExpert expert, int v, double[] view)
    {
        var logs = expert.LogProbabilities(view);
        TemperatureScaling.Apply(logs, _temperatures[v], logs);
        return logs;
    }

    // Features of a view: presence, level (half the ln of the mean square) and its square, share of outliers and its square, ln p of the
    // discriminant.
    private static float[] Describe(double[]? view, LinearDiscriminant discriminant)
    {
        if (view is null)
        {
            return new float[FeatureNames.Length];
        }

        var level = 0.5 * Math.Log(Math.Max(1e-4, view.Average(x => x * x)));
        var outliers = view.Average(x => Math.Abs(x) > 3 ? 1.0 : 0);
        return [1, (float)level, (float)(level * level), (float)outliers, (float)(outliers * outliers), .. discriminant.LogProbabilities(view).Select(log => (float)Math.Max(MinLogProbability, log))];
    }

    private static (double[][] Train, double[][] Test) Standardised(double[][] train, double[][] test)
    {
        var width = train[0].Length;
        double[] mean = [.. Enumerable.Range(0, width).Select(f => train.Average(row => row[f]))];
        double[] scale = [.. Enumerable.Range(0, width).Select(f => Math.Sqrt(train.Average(row => (row[f] - mean[f]) * (row[f] - mean[f]))))];
        double[][] Apply(double[][] rows) => [.. rows.Select(row => row.Select((x, f) => scale[f] > 0 ? (x - mean[f]) / scale[f] : 0).ToArray())];
        return (Apply(train), Apply(test));
    }

    public string Describe() => string.Join(" ", Enumerable.Range(0, Views).Select(v => (100 * Enumerable.Range(0, TestLabels.Length)
        .Average(i => Multimodal.Learning.Numerics.Distribution.ArgMax(_whole.Value[v].Expert.LogProbabilities(_test[v][i])) == TestLabels[i] ? 1.0 : 0))
        .ToString("0.0", CultureInfo.InvariantCulture)));
}
