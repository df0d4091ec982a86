using Multimodal.Bench.LearningBench;

namespace Multimodal.Bench.Tests.LearningBench;

public sealed class NoiseFilterTests
{
    private const int Features = 24;

    // Views in 2 of 24 directions, with a variance of about 1 for every feature.
    private static readonly double[][] Clean = Views(400, new Random(1));

    private static readonly NoiseFilter Filter = NoiseFilter.Fit(Clean);

    [Fact]
    public void Apply_CleanView_LeavesEveryBit()
    {
        float[] view = [.. Clean[7].Select(x => (float)x)];
        float[] before = [.. view];
        Filter.Apply(view);
        Assert.Equal(before, view);
    }

    [Fact]
    public void Apply_NoiseOfThreeDeviations_MostOfItIsGone()
    {
        var random = new Random(2);
        double before = 0;
        double after = 0;
        foreach (var clean in Views(200, random))
        {
            float[] view = [.. clean.Select(x => (float)(x + 3 * Normal(random)))];
            before += Distance(view, clean);
            Filter.Apply(view);
            after += Distance(view, clean);
        }

        // 2 of 24 directions keep their share of the noise.
        Assert.InRange(after / before, 0.03, 0.15);
    }

    [Fact]
    public void Apply_NothingAtAll_StaysNothing()
    {
        var view = new float[Features];
        Filter.Apply(view);
        Assert.All(view, x => Assert.Equal(0, x));
    }

    private static double[][] Views(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var (a, b) = (Normal(random), Normal(random));
        return Enumerable.Range(0, Features).Select(f => a * Math.Sqrt(2) * Math.Cos(f) + b * Math.Sqrt(2) * Math.Sin(f)).ToArray();
    })];

    private static double Distance(float[] view, double[] clean) => view.Zip(clean, (x, y) => (x - y) * (x - y)).Sum();

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
