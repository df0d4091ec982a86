using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Tests.Batching;

public sealed class BatchingOptionsTests
{
    public static TheoryData<string, Action<BatchingOptions>, bool> Bounds => new()
    {
        { "MaxBatchSize", options => options.MaxBatchSize = 0, false },
        { "MaxBatchSize", options => options.MaxBatchSize = 1, true },
        { "MaxBatchSize", options => (options.MaxBatchSize, options.Capacity) = (1024, 2048), true },
        { "MaxBatchSize", options => (options.MaxBatchSize, options.Capacity) = (1025, 10_000), false },
        { "MaxBatchCost", options => options.MaxBatchCost = 0, false },
        { "MaxBatchCost", options => options.MaxBatchCost = 1, true },
        { "MaxBatchCost", options => options.MaxBatchCost = 17_179_869_185, false },
        { "MaxDelay", options => options.MaxDelay = TimeSpan.Zero, true },
        { "MaxDelay", options => options.MaxDelay = TimeSpan.FromTicks(-1), false },
        { "MaxDelay", options => options.MaxDelay = TimeSpan.FromSeconds(1.001), false },
        { "Capacity", options => options.Capacity = 1_000_000, true },
        { "Capacity", options => options.Capacity = 1_000_001, false },
        { "Capacity", options => options.Capacity = 32, true },
        { "Capacity", options => options.Capacity = 31, false }, // below 16 x (1 + 1)
        { "Concurrency", options => options.Concurrency = 0, false },
        { "Concurrency", options => (options.Concurrency, options.Capacity) = (64, 1040), true },
        { "Concurrency", options => (options.Concurrency, options.Capacity) = (65, 10_000), false },
        { "PreprocessThreads", options => options.PreprocessThreads = 0, false },
        { "PreprocessThreads", options => options.PreprocessThreads = 65, false },
        { "DrainTimeout", options => options.DrainTimeout = TimeSpan.FromMinutes(5.1), false },
    };

    [Fact]
    public void Defaults_AreTheDocumentedOnesAndValid()
    {
        var options = new BatchingOptions();

        Assert.Equal(
            (true, 16, 67_108_864, TimeSpan.FromMilliseconds(2), 256, 1, 2, TimeSpan.FromSeconds(10)),
            (
                options.Adaptive,
                options.MaxBatchSize,
                options.MaxBatchCost,
                options.MaxDelay,
                options.Capacity,
                options.Concurrency,
                options.PreprocessThreads,
                options.DrainTimeout));
        Assert.True(new BatchingOptionsValidator().Validate(null, options).Succeeded);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Validate_Bounds_AreTheDocumentedOnes(string name, Action<BatchingOptions> change, bool isValid)
    {
        var options = new BatchingOptions();
        change(options);

        var result = new BatchingOptionsValidator().Validate(null, options);

        Assert.Equal(isValid, result.Succeeded);
        Assert.True(isValid || result.FailureMessage!.Contains(name, StringComparison.Ordinal));
    }
}
