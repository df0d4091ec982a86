using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;
using Outcome = Multimodal.Inference.Batching.BatchOutcome<string>;

namespace Multimodal.Inference.Tests.Batching;

public sealed class DynamicBatcherTests
{
    // Milliseconds. It turns an endless wait for a faulty batcher into a failure.
    private const int HangTimeout = 60_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedProcessor _processor;

    public DynamicBatcherTests() => _processor = new ScriptedProcessor(_time);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static BatchingOptions Of(int size, double delayMs, int capacity = 100) =>
        new() { Adaptive = false, MaxBatchSize = size, MaxDelay = Ms(delayMs), Capacity = capacity, PreprocessThreads = 1 };

    private Task<Outcome> SubmitAsync(
        DynamicBatcher<int, string> batcher,
        int item,
        long cost = 1,
        double deadlineMs = 60_000,
        CancellationToken cancellationToken = default) =>
        batcher.SubmitAsync(item, cost, _time.GetUtcNow() + Ms(deadlineMs), cancellationToken);

    private static async Task AssertResultAsync(string expected, Task<Outcome> outcome) =>
        Assert.Equal(expected, Assert.IsType<Outcome.Completed>(await outcome).Result);

    private static async Task AssertRefusedAsync(BatchRefusal expected, Task<Outcome> outcome) =>
        Assert.Equal(expected, Assert.IsType<Outcome.Refused>(await outcome).Reason);

    private async Task AssertPreparedAsync(params int[] items)
    {
        foreach (var item in items)
        {
            Assert.Equal(item, await _processor.NextPreparedAsync());
        }
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_SizeReached_ClosesWithoutDelay()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 3, delayMs: 1000), _time);
        var outcomes = Enumerable.Range(1, 3).Select(item => SubmitAsync(batcher, item)).ToArray();

        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([1, 2, 3], run.Items);
        await AssertResultAsync("result 1", outcomes[0]);
        await AssertResultAsync("result 2", outcomes[1]);
        await AssertResultAsync("result 3", outcomes[2]);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_MaxDelayOfTheFirstItem_ClosesTheBatch()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 3, delayMs: 10), _time);
        var first = SubmitAsync(batcher, 1);
        _time.Advance(Ms(9));
        var second = SubmitAsync(batcher, 2); // In the same batch, which is still open at 9 ms.
        _time.Advance(Ms(1));

        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([1, 2], run.Items);
        var (one, two) = ((Outcome.Completed)await first, (Outcome.Completed)await second);
        Assert.Equal((Ms(10), Ms(1)), (one.Timings!.Value.Queue, two.Timings!.Value.Queue));
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_CostReached_ClosesAndTheRestWaitsItsOwnDelay()
    {
        var options = Of(size: 10, delayMs: 10);
        options.MaxBatchCost = 10;
        await using var batcher = new DynamicBatcher<int, string>(_processor, options, _time);
        _ = SubmitAsync(batcher, 1, cost: 4);
        _ = SubmitAsync(batcher, 2, cost: 5);
        _time.Advance(Ms(4));
        var third = SubmitAsync(batcher, 3, cost: 4); // The total cost is 13, so the batch closes without it.

        var run = await _processor.NextRunAsync();
        run.Succeed();
        Assert.Equal([1, 2], run.Items);

        _time.Advance(Ms(10));
        run = await _processor.NextRunAsync();
        run.Succeed();
        Assert.Equal([3], run.Items);
        Assert.Equal(Ms(10), ((Outcome.Completed)await third).Timings!.Value.Queue);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_ItemAboveTheBatchCost_RunsAlone()
    {
        var options = Of(size: 10, delayMs: 1000);
        options.MaxBatchCost = 10;
        await using var batcher = new DynamicBatcher<int, string>(_processor, options, _time);
        _ = SubmitAsync(batcher, 1, cost: 11);

        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([1], run.Items);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_CancelledWhileWaiting_CompletesAtOnceWithoutPreparation()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 3, delayMs: 10), _time);
        using var cancellation = new CancellationTokenSource();
        var first = SubmitAsync(batcher, 1, cancellationToken: cancellation.Token);
        var second = SubmitAsync(batcher, 2);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, batcher.Backlog);
        _time.Advance(Ms(10));
        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([2], run.Items);
        await AssertResultAsync("result 2", second);
        Assert.DoesNotContain("prepare 1", _processor.Events);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_CancelledOrExpiredAfterPreparation_DoesNotRun()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 3, delayMs: 0), _time);
        using var cancellation = new CancellationTokenSource();
        _ = SubmitAsync(batcher, 1);
        var busy = await _processor.NextRunAsync();
        var cancelled = SubmitAsync(batcher, 2, cancellationToken: cancellation.Token);
        await AssertPreparedAsync(1, 2);
        await cancellation.CancelAsync();
        var expired = SubmitAsync(batcher, 3, deadlineMs: 5);
        _time.Advance(Ms(5));
        busy.Succeed();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await AssertRefusedAsync(BatchRefusal.Expired, expired);
        var last = SubmitAsync(batcher, 4);
        var run = await _processor.NextRunAsync();
        run.Succeed();
        Assert.Equal([4], run.Items);
        await AssertResultAsync("result 4", last);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_ExpiredWhenTheBatchCloses_IsNotPartOfTheBatch()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 2, delayMs: 10), _time);
        var expired = SubmitAsync(batcher, 1, deadlineMs: 5);
        _time.Advance(Ms(6));
        _ = SubmitAsync(batcher, 2);

        // Two items close the batch. The expired one is dropped, and the other runs without waiting for a third.
        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([2], run.Items);
        await AssertRefusedAsync(BatchRefusal.Expired, expired);
        Assert.DoesNotContain("prepare 1", _processor.Events);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_CapacityReached_RefusesUntilAnItemCompletes()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 1, delayMs: 0, capacity: 3), _time);
        var outcomes = Enumerable.Range(1, 3).Select(item => SubmitAsync(batcher, item)).ToArray();
        var run = await _processor.NextRunAsync();

        // One item runs, one is prepared and one waits. All of them count.
        await AssertRefusedAsync(BatchRefusal.Overloaded, SubmitAsync(batcher, 4));
        Assert.Equal(3, batcher.Backlog);
        run.Succeed();
        await AssertResultAsync("result 1", outcomes[0]);
        var fifth = SubmitAsync(batcher, 5);

        for (var i = 0; i < 3; i++)
        {
            (await _processor.NextRunAsync()).Succeed();
        }

        await AssertResultAsync("result 5", fifth);
        Assert.Equal(0, batcher.Backlog);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Prepare_OneRefusedAndOneThrowing_TheOthersRunTogether()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 4, delayMs: 1000), _time);
        var outcomes = new[] { 1, -2, 13, 4 }.Select(item => SubmitAsync(batcher, item)).ToArray();

        var run = await _processor.NextRunAsync();
        run.Succeed();

        Assert.Equal([1, 4], run.Items);
        await AssertResultAsync("result 1", outcomes[0]);
        await AssertResultAsync("refused -2", outcomes[1]);
        Assert.IsType<InvalidDataException>(Assert.IsType<Outcome.Refused>(await outcomes[2]).Cause);
        await AssertResultAsync("result 4", outcomes[3]);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Run_BatchThrows_ItemsRunOneByOneAndOnlyTheFaultyOneFails()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 3, delayMs: 1000), _time);
        var outcomes = Enumerable.Range(1, 3).Select(item => SubmitAsync(batcher, item)).ToArray();
        var poison = new InvalidDataException("poison");

        (await _processor.NextRunAsync()).End.SetException(new InvalidDataException("some item is bad"));
        (await _processor.NextRunAsync()).Succeed();
        (await _processor.NextRunAsync()).End.SetException(poison);
        (await _processor.NextRunAsync()).Succeed();

        Assert.Equal(1, Assert.IsType<Outcome.Completed>(await outcomes[0]).Timings!.Value.BatchSize);
        Assert.Equal(new Outcome.Refused(BatchRefusal.Failed, poison), await outcomes[1]);
        await AssertResultAsync("result 3", outcomes[2]);
        Assert.Equal(
            ["run 1 2 3", "run 1", "run 2", "run 3"],
            _processor.Events.Where(line => line.StartsWith("run", StringComparison.Ordinal)));
    }

    [Theory(Timeout = HangTimeout)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_WrongNumberOfResults_FailsAllItems(int results)
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 2, delayMs: 1000), _time);
        var outcomes = Enumerable.Range(1, 2).Select(item => SubmitAsync(batcher, item)).ToArray();

        (await _processor.NextRunAsync()).End.SetResult([.. Enumerable.Repeat("?", results)]);

        foreach (var outcome in await Task.WhenAll(outcomes))
        {
            var refused = Assert.IsType<Outcome.Refused>(outcome);
            Assert.Equal(BatchRefusal.Failed, refused.Reason);
            Assert.Contains(
                $"returned {results} results for a batch of 2 items. This is a bug.", refused.Cause!.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Run_WhileOneRuns_OneMoreIsPreparedAndTheNextGrows()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 50, delayMs: 0), _time);
        _ = SubmitAsync(batcher, 1);
        var first = await _processor.NextRunAsync();
        _ = SubmitAsync(batcher, 2);
        await AssertPreparedAsync(1, 2);
        int[] late = [.. Enumerable.Range(101, 20)];
        foreach (var item in late)
        {
            _ = SubmitAsync(batcher, item); // A prepared batch waits already, so these items become one batch.
            await Task.Yield();
        }

        _processor.Events.Enqueue("end 1");
        first.Succeed();
        var second = await _processor.NextRunAsync();
        await AssertPreparedAsync(late);
        second.Succeed();
        var third = await _processor.NextRunAsync();
        third.Succeed();

        Assert.Equal([2], second.Items);
        Assert.Equal(late, third.Items);
        var events = _processor.Events.ToList();
        Assert.True(events.IndexOf("prepare 2") < events.IndexOf("end 1"));
        Assert.True(events.IndexOf("end 1") < events.IndexOf("prepare 101"));
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Run_ItemLeftByAFullBatch_ClosesAfterItsOwnDelay()
    {
        await using var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 2, delayMs: 10), _time);
        _ = (SubmitAsync(batcher, 1), SubmitAsync(batcher, 2));
        var first = await _processor.NextRunAsync();
        _ = (SubmitAsync(batcher, 3), SubmitAsync(batcher, 4));
        await AssertPreparedAsync(1, 2, 3, 4);
        _ = SubmitAsync(batcher, 5);
        _time.Advance(Ms(10)); // The timer fires for item 5 while a prepared batch waits, and is not set again.
        _ = (SubmitAsync(batcher, 6), SubmitAsync(batcher, 7));
        first.Succeed();
        await AssertPreparedAsync(5, 6);
        (await _processor.NextRunAsync()).Succeed();
        (await _processor.NextRunAsync()).Succeed();

        _time.Advance(Ms(10));
        var last = await _processor.NextRunAsync();
        last.Succeed();

        Assert.Equal([7], last.Items);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Run_ConcurrencyOfTwo_TwoBatchesRunConcurrently()
    {
        var options = Of(size: 1, delayMs: 0);
        options.Concurrency = 2;
        await using var batcher = new DynamicBatcher<int, string>(_processor, options, _time);
        var (one, two) = (SubmitAsync(batcher, 1), SubmitAsync(batcher, 2));

        var first = await _processor.NextRunAsync();
        var second = await _processor.NextRunAsync();
        second.Succeed();
        first.Succeed();

        await AssertResultAsync("result 1", one);
        await AssertResultAsync("result 2", two);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Timings_OfEachItem_AreItsOwn()
    {
        var processor = new ScriptedProcessor(_time) { PrepareTime = Ms(3) };
        await using var batcher = new DynamicBatcher<int, string>(processor, Of(size: 2, delayMs: 1000), _time);
        var first = SubmitAsync(batcher, 1);
        _time.Advance(Ms(20));
        var second = SubmitAsync(batcher, 2);

        var run = await processor.NextRunAsync();
        _time.Advance(Ms(7));
        run.Succeed();

        // Each item waits while the other is prepared: 20 + 3 ms and 3 ms.
        Assert.Equal(new BatchTimings(Ms(23), Ms(3), Ms(7), 2), ((Outcome.Completed)await first).Timings);
        Assert.Equal(new BatchTimings(Ms(3), Ms(3), Ms(7), 2), ((Outcome.Completed)await second).Timings);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Dispose_WaitingItems_RunAtOnceAndLaterOnesAreRefused()
    {
        var batcher = new DynamicBatcher<int, string>(_processor, Of(size: 2, delayMs: 1000), _time);
        var outcomes = Enumerable.Range(1, 3).Select(item => SubmitAsync(batcher, item)).ToArray();
        var first = await _processor.NextRunAsync();

        var disposing = batcher.DisposeAsync();
        await AssertRefusedAsync(BatchRefusal.Stopping, SubmitAsync(batcher, 4));
        first.Succeed();
        (await _processor.NextRunAsync()).Succeed();
        await disposing;

        await AssertResultAsync("result 1", outcomes[0]);
        await AssertResultAsync("result 3", outcomes[2]);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Stop_RunDoesNotEnd_IsCancelledAfterTheDrainTimeoutAndAllItemsComplete()
    {
        var options = Of(size: 1, delayMs: 0);
        await using var batcher = new DynamicBatcher<int, string>(_processor, options, _time);
        var outcomes = Enumerable.Range(1, 4).Select(item => SubmitAsync(batcher, item)).ToArray();
        await _processor.NextRunAsync();

        var stopping = batcher.StopAsync();
        _time.Advance(options.DrainTimeout);

        Assert.True(await stopping);
        foreach (var outcome in outcomes)
        {
            await AssertRefusedAsync(BatchRefusal.Stopping, outcome);
        }

        Assert.Equal(0, batcher.Backlog);
    }

    [Fact(Timeout = HangTimeout)]
    public async Task Submit_ThousandsFromManyThreads_EachGetsItsOwnResult()
    {
        var options = new BatchingOptions { MaxBatchSize = 32, MaxDelay = TimeSpan.Zero, Capacity = 10_000, Concurrency = 3 };
        await using var batcher = new DynamicBatcher<int, string>(new EchoProcessor(), options, _time);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5000).Select(item => Task.Run(() => SubmitAsync(batcher, item))));

        Assert.Equal(Enumerable.Range(0, 5000).Select(item => $"{item}"), outcomes.Select(outcome => ((Outcome.Completed)outcome).Result));
        Assert.Equal(0, batcher.Backlog);
    }

    private sealed class EchoProcessor : IBatchProcessor<int, string>
    {
        public bool TryPrepare(int item, [NotNullWhen(false)] out string? refusal)
        {
            refusal = null;
            return true;
        }

        public ValueTask<IReadOnlyList<string>> RunAsync(IReadOnlyList<int> items, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<string>>([.. items.Select(item => $"{item}")]);
    }
}
