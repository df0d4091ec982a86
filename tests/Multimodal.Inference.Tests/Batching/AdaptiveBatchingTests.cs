using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;
using Outcome = Multimodal.Inference.Batching.BatchOutcome<string>;

namespace Multimodal.Inference.Tests.Batching;

/// <summary>Batches that adapt to the measured model and to the load.</summary>
public sealed class AdaptiveBatchingTests : IAsyncDisposable
{
    private const int HangTimeout = 60_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedProcessor _processor;
    private readonly DynamicBatcher<int, string> _batcher;

    // A run of one item takes 8 ms, so a batch waits at most 4 ms. More than six items in a batch save nothing.
    public AdaptiveBatchingTests()
    {
        _processor = new ScriptedProcessor(_time) { Measured = new BatchProfile(6, Ms(8)) };
        var options = new BatchingOptions { MaxBatchSize = 16, MaxDelay = Ms(100), Capacity = 100, PreprocessThreads = 1 };
        _batcher = new DynamicBatcher<int, string>(_processor, options, _time);
    }

    public async ValueTask DisposeAsync()
    {
        // Runs that a failed test has not completed are cancelled after the drain timeout.
        var stopping = _batcher.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private Task<Outcome>[] Submit(params int[] items) => [.. items.Select(item =>
        _batcher.SubmitAsync(item, 1, _time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None))];

    /// <summary>Completes a run after 8 ms, and waits until its items are answered and the device is idle again.</summary>
    private async Task FinishAsync(ScriptedProcessor.Run run, params Task<Outcome>[] outcomes)
    {
        _time.Advance(Ms(8));
        run.Succeed();
        await Task.WhenAll(outcomes);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_DeviceIdle_RunsAtOnce()
    {
        for (var item = 1; item <= 3; item++)
        {
            var outcomes = Submit(item);
            var run = await _processor.NextRunAsync(); // The time does not advance.
            await FinishAsync(run, outcomes);

            var completed = Assert.IsType<Outcome.Completed>(await outcomes[0]);
            Assert.Equal((TimeSpan.Zero, 1), (completed.Timings!.Value.Queue, completed.Timings.Value.BatchSize));
        }
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_DeviceBusy_TheBatchGrowsUntilTheRunEnds()
    {
        Submit(1);
        var first = await _processor.NextRunAsync();
        _time.Advance(Ms(5)); // Past the window of the first item, so that the others are not expected to come again.
        Submit(2, 3);
        _time.Advance(Ms(500));
        Submit(4);
        first.Succeed();

        // The three items ran together although the first had waited longer than any delay.
        await AssertNextAsync(2, 3, 4);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_MoreThanTheMeasuredSize_ClosesAtIt()
    {
        Submit(1);
        var first = await _processor.NextRunAsync();
        _time.Advance(Ms(5)); // Past the window of the first item, so that the others are not expected to come again.
        Submit([.. Enumerable.Range(2, 10)]);
        first.Succeed();

        await AssertNextAsync(2, 3, 4, 5, 6, 7);
        await AssertNextAsync(8, 9, 10, 11);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_ItemsUsuallyComeTogether_WaitsForThem()
    {
        await RunThreeClientsAsync();

        Submit(21);
        _time.Advance(Ms(1));
        Submit(22);
        _time.Advance(Ms(1));
        var last = Submit(23); // As many as expected: the batch closes without waiting for the end of the window.

        await AssertNextAsync(21, 22, 23);
        Assert.Equal(TimeSpan.Zero, Assert.IsType<Outcome.Completed>(await last[0]).Timings!.Value.Queue);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_ExpectedItemsDoNotCome_ClosesAfterHalfARun()
    {
        await RunThreeClientsAsync();

        var only = Submit(21);
        _time.Advance(Ms(3.9));
        Assert.DoesNotContain("run 21", _processor.Events);
        _time.Advance(Ms(0.2));

        await AssertNextAsync(21);
        Assert.InRange(Assert.IsType<Outcome.Completed>(await only[0]).Timings!.Value.Queue, Ms(4), Ms(4.1));
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_LoadEnds_SoonNothingWaits()
    {
        await RunThreeClientsAsync();
        for (var i = 0; i < 3; i++)
        {
            var outcomes = Submit(21);
            _time.Advance(Ms(5));
            await FinishAsync(await _processor.NextRunAsync(), outcomes);
        }

        Submit(22);

        await AssertNextAsync(22); // At once: the time has not advanced.
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_SeveralBuckets_ABatchHoldsOneAndTheOldestItemGoesFirst()
    {
        Submit(1);
        var first = await _processor.NextRunAsync();
        _time.Advance(Ms(5)); // Past the window of the first item, so that the others are not expected to come again.
        Submit(1000, 2, 1001, 3, 1002);
        first.Succeed();

        await AssertNextAsync(1000, 1001, 1002);
        await AssertNextAsync(2, 3);
    }

    /// <summary>Batches larger than the measured size cost nothing then, and their items are prepared concurrently.</summary>
    [Fact(Timeout = HangTimeout)]
    public async Task Submit_PreparationIsLong_OverlapsWithTheRunInBatchesOfAnySize()
    {
        var processor = new ScriptedProcessor(_time) { Measured = new BatchProfile(1, Ms(8)), PrepareTime = Ms(20) };
        var options = new BatchingOptions { MaxDelay = Ms(2), Capacity = 100, PreprocessThreads = 1 };
        await using var batcher = new DynamicBatcher<int, string>(processor, options, _time);
        Task<Outcome> SubmitOne(int item) => batcher.SubmitAsync(item, 1, _time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);
        _ = SubmitOne(1);
        var first = await processor.NextRunAsync();
        _ = (SubmitOne(2), SubmitOne(3));
        _time.Advance(options.MaxDelay);

        foreach (var item in new[] { 1, 2, 3 })
        {
            Assert.Equal(item, await processor.NextPreparedAsync()); // While the first still runs.
        }

        first.Succeed();
        var second = await processor.NextRunAsync();
        second.Succeed();
        Assert.Equal([2, 3], second.Items);
    }

    /// <summary>Completes the next run, which must have these items.</summary>
    private async Task AssertNextAsync(params int[] items)
    {
        var run = await _processor.NextRunAsync();
        run.Succeed();
        Assert.Equal(items, run.Items);
    }

    /// <summary>Three clients that each send their next item after the answer. After the first runs, their items are always in one batch.</summary>
    private async Task RunThreeClientsAsync()
    {
        const int Runs = 8;
        var outcomes = new Dictionary<int, Task<Outcome>> { [1] = Submit(1)[0] };
        var run = await _processor.NextRunAsync();
        (outcomes[2], outcomes[3]) = (Submit(2)[0], Submit(3)[0]);
        for (var i = 0; i < Runs; i++)
        {
            await FinishAsync(run, [.. run.Items.Select(item => outcomes[item])]);
            foreach (var item in run.Items)
            {
                outcomes[item] = Submit(item)[0];
            }

            run = await _processor.NextRunAsync();
        }

        Assert.Equal([1, 2, 3], run.Items.Order());
        await FinishAsync(run, [.. outcomes.Values]);
    }
}
