using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

public sealed class OnnxExpertTests : IDisposable
{
    private static readonly string[] Labels = ["a", "b", "c"];
    private readonly ScratchFolder _scratch = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _scratch.Dispose();

    private DateTimeOffset Deadline => _time.GetUtcNow().AddMinutes(1);

    private async Task<IExpert> OpenAsync(byte[] model, int inputs, BatchingOptions batching, Action<JsonObject>? change = null)
    {
        var manifest = PackageFolder.Manifest(model, inputs, Labels);
        change?.Invoke(manifest);
        var folder = PackageFolder.Write(_scratch.At("expert"), manifest, model);
        var package = ExpertPackageReader.Read(folder, new MediaOptions(), NumbersPreprocessor.Kinds).OrThrow();
        var loader = new ExpertLoader(_time, NullLoggerFactory.Instance) { Kinds = NumbersPreprocessor.Kinds };
        var settings = new ExpertSettings { Execution = new ExecutionOptions { Provider = ExecutionProvider.Cpu }, Batching = batching };
        return await loader.OpenAsync(package, settings, CancellationToken.None);
    }

    // The fake time does not advance, so a batch closes only when it is full.
    private static BatchingOptions Fixed(int size) => new() { Adaptive = false, MaxBatchSize = size };

    private static BatchingOptions WithoutDelay(int size = 16) => new() { MaxBatchSize = size, MaxDelay = TimeSpan.Zero };

    [Fact]
    public async Task AnalyzeAsync_Logits_ReturnsTheCalibratedLogSoftmax()
    {
        await using var expert = await OpenAsync(TinyModels.Identity(3), 3, WithoutDelay());

        var outcome = await expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(3, 0, -1.5f)), Deadline, CancellationToken.None);

        // softmax([3, 0, -1.5] / 1.5) is exp(2), exp(0), exp(-1) over their sum.
        var answered = Assert.IsType<ExpertOutcome.Answered>(outcome);
        var sum = Math.Exp(2) + 1 + Math.Exp(-1);
        Assert.Equal([2 - Math.Log(sum), -Math.Log(sum), -1 - Math.Log(sum)], answered.LogProbabilities, new ToleranceComparer(1e-6));
        Assert.Equal(1, answered.Timings.BatchSize);
        Assert.Equal("cpu", expert.Device);
        Assert.Equal(0, expert.Backlog);
    }

    [Fact]
    public async Task AnalyzeAsync_RowOfABatch_EqualsTheSingleResult()
    {
        const int Items = 16;
        var random = new Random(7);
        var media = Enumerable.Range(0, Items)
            .Select(_ => NumbersPreprocessor.Media([.. Enumerable.Range(0, 32).Select(_ => (float)(random.NextDouble() * 20 - 10))]))
            .ToArray();
        await using var single = await OpenAsync(TinyModels.Linear(32, 3, seed: 3), 32, WithoutDelay());
        var alone = new List<ExpertOutcome.Answered>();
        foreach (var item in media)
        {
            alone.Add((ExpertOutcome.Answered)await single.AnalyzeAsync(new MediaContent(item), Deadline, CancellationToken.None));
        }

        await using var batched = await OpenAsync(TinyModels.Linear(32, 3, seed: 3), 32, Fixed(Items));
        var together = await Task.WhenAll(media.Select(item => batched.AnalyzeAsync(new MediaContent(item), Deadline, CancellationToken.None)));

        Assert.All(alone.Zip(together.Cast<ExpertOutcome.Answered>()), pair =>
        {
            Assert.Equal(Items, pair.Second.Timings.BatchSize);
            Assert.Equal(pair.First.LogProbabilities, pair.Second.LogProbabilities, new ToleranceComparer(1e-5));
        });
    }

    [Fact]
    public async Task AnalyzeAsync_BadItemsInABatch_OnlyTheyFail()
    {
        await using var expert = await OpenAsync(TinyModels.Logarithm(3), 3, Fixed(4));

        var outcomes = await Task.WhenAll(
            expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, CancellationToken.None),
            expert.AnalyzeAsync(new MediaContent("1 two 3"u8.ToArray()), Deadline, CancellationToken.None),
            expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, -2, 3)), Deadline, CancellationToken.None),
            expert.AnalyzeAsync(new MediaContent("crash"u8.ToArray()), Deadline, CancellationToken.None));

        Assert.Equal(2, Assert.IsType<ExpertOutcome.Answered>(outcomes[0]).Timings.BatchSize);
        Assert.Equal(new ExpertOutcome.Declined(DeclineReason.BadInput, "Word 2 is no number."), outcomes[1]);
        Assert.Equal(DeclineReason.ModelFailed, Assert.IsType<ExpertOutcome.Declined>(outcomes[2]).Reason);
        Assert.Equal(DeclineReason.ModelFailed, Assert.IsType<ExpertOutcome.Declined>(outcomes[3]).Reason);
    }

    [Fact]
    public async Task AnalyzeAsync_OneItemExhaustsMemory_OnlyItIsDeclined()
    {
        await using var expert = await OpenAsync(TinyModels.Glutton(3), 3, Fixed(3));

        var outcomes = await Task.WhenAll(
            expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, CancellationToken.None),
            expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 1e15f)), Deadline, CancellationToken.None),
            expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(3, 2, 1)), Deadline, CancellationToken.None));

        Assert.IsType<ExpertOutcome.Answered>(outcomes[0]);
        Assert.Equal(DeclineReason.OutOfMemory, Assert.IsType<ExpertOutcome.Declined>(outcomes[1]).Reason);
        Assert.IsType<ExpertOutcome.Answered>(outcomes[2]);
    }

    [Fact]
    public async Task AnalyzeAsync_DeadlinePassed_IsExpired()
    {
        await using var expert = await OpenAsync(TinyModels.Identity(3), 3, WithoutDelay());

        var outcome = await expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), _time.GetUtcNow(), CancellationToken.None);

        Assert.Equal(DeclineReason.Expired, Assert.IsType<ExpertOutcome.Declined>(outcome).Reason);
    }

    [Fact]
    public async Task AnalyzeAsync_CapacityReached_IsOverloaded()
    {
        // Batches stay open while the fake time does not advance, so the waiting items use up the capacity.
        var options = new BatchingOptions { Adaptive = false, MaxBatchSize = 4, Capacity = 3, MaxDelay = TimeSpan.FromSeconds(1) };
        await using var expert = await OpenAsync(TinyModels.Identity(3), 3, options);
        var waiting = Enumerable.Range(0, 3)
            .Select(_ => expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, CancellationToken.None))
            .ToArray();

        var refused = await expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, CancellationToken.None);
        Assert.Equal(3, expert.Backlog);
        _time.Advance(options.MaxDelay);

        Assert.Equal(DeclineReason.Overloaded, Assert.IsType<ExpertOutcome.Declined>(refused).Reason);
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.IsType<ExpertOutcome.Answered>(outcome));
    }

    [Fact]
    public async Task AnalyzeAsync_Cancelled_ThrowsAndLeavesTheBacklog()
    {
        await using var expert = await OpenAsync(TinyModels.Identity(3), 3, new BatchingOptions { Adaptive = false, MaxDelay = TimeSpan.FromSeconds(1) });
        using var cancellation = new CancellationTokenSource();
        var waiting = expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, expert.Backlog);
    }

    [Fact]
    public async Task AnalyzeAsync_AfterDispose_IsDeclined()
    {
        var expert = await OpenAsync(TinyModels.Identity(3), 3, WithoutDelay());
        await expert.DisposeAsync();

        var outcome = await expert.AnalyzeAsync(new MediaContent(NumbersPreprocessor.Media(1, 2, 3)), Deadline, CancellationToken.None);

        Assert.Equal(DeclineReason.Overloaded, Assert.IsType<ExpertOutcome.Declined>(outcome).Reason);
    }

    [Fact]
    public async Task AnalyzeAsync_ManyItemsOnSeveralWorkers_EachGetsItsOwnResult()
    {
        var options = new BatchingOptions { MaxBatchSize = 8, MaxDelay = TimeSpan.Zero, Concurrency = 3, Capacity = 1000 };
        await using var expert = await OpenAsync(TinyModels.Identity(3), 3, options, manifest => manifest["temperature"] = 1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
        {
            var media = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i} 0 0"));
            return Task.Run(() => expert.AnalyzeAsync(new MediaContent(media), Deadline, CancellationToken.None));
        }));

        // The difference of the log-probabilities of labels 0 and 1 is the first number.
        Assert.All(outcomes.Index(), pair =>
        {
            var logProbabilities = Assert.IsType<ExpertOutcome.Answered>(pair.Item).LogProbabilities;
            Assert.Equal(pair.Index, logProbabilities[0] - logProbabilities[1], 1e-4);
        });
    }

    private sealed class ToleranceComparer(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
