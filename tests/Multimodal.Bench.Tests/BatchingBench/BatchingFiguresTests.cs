using Multimodal.Bench.BatchingBench;
using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Tests.BatchingBench;

public sealed class BatchingFiguresTests
{
    [Fact]
    public void MeanBatch_ItemsOfSeveralSizes_CountsEachBatchOnce()
    {
        // Two batches of eight and four of one.
        var figures = Of([1], new Dictionary<int, int> { [8] = 16, [1] = 4 });

        Assert.Equal(20.0 / 6, figures.MeanBatch, 1e-9);
        Assert.Equal("8: 80 %, 1: 20 %", figures.Distribution);
    }

    [Fact]
    public void P95_OfAHundred_IsTheNinetyFifth() =>
        Assert.Equal(95, Of([.. Enumerable.Range(1, 100).Reverse().Select(value => (double)value)], new Dictionary<int, int>()).P95);

    private static BatchingFigures Of(double[] milliseconds, Dictionary<int, int> sizes) =>
        new(new LoopFigures(milliseconds, TimeSpan.FromSeconds(1)), 1, sizes);
}
