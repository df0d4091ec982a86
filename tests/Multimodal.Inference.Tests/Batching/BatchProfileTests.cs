using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Tests.Batching;

public sealed class BatchProfileTests
{
    /// <summary>Measures a model whose runs take these times, in ms, by size.</summary>
    private static BatchProfile Measure(int maxSize, params (int Size, double Ms)[] runs) =>
        BatchProfile.Measure(maxSize, size => TimeSpan.FromMilliseconds(runs.Single(run => run.Size == size).Ms));

    [Fact]
    public void Measure_TimePerItemFallsUpToTheLargest_ReturnsTheLargest() =>
        Assert.Equal(new BatchProfile(6, TimeSpan.FromMilliseconds(4)), Measure(6, (1, 4), (2, 4.4), (4, 5.2), (6, 6)));

    [Fact]
    public void Measure_TimePerItemRises_ReturnsTheSizeBeforeThat() =>
        Assert.Equal(4, Measure(32, (1, 4), (2, 5), (4, 6), (8, 12.8)).BestSize); // 1.5 and 1.6 ms per item; 16 is not measured.

    [Fact]
    public void Measure_TimePerItemIsTheSame_ReturnsTheLargest() => Assert.Equal(4, Measure(4, (1, 4), (2, 8.1), (4, 16)).BestSize);

    [Fact]
    public void Measure_BatchesCostMore_ReturnsOne() => Assert.Equal(1, Measure(16, (1, 4), (2, 8.6)).BestSize);

    [Fact]
    public void Measure_ClockTooCoarse_ReturnsTheLargest() => Assert.Equal(new BatchProfile(4, TimeSpan.Zero), Measure(4, (1, 0), (2, 0), (4, 0)));

    [Fact]
    public void Measure_OneRunDisturbed_MeasuresAgain()
    {
        var runs = 0;

        var profile = BatchProfile.Measure(2, size => TimeSpan.FromMilliseconds(size == 1 ? 4 : runs++ == 0 ? 20 : 5));

        Assert.Equal(2, profile.BestSize);
    }
}
