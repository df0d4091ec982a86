using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;
using Outcome = Multimodal.Inference.Batching.BatchOutcome<string>;

namespace Multimodal.Inference.Tests.Batching;

/// <summary>A batch that is told to take its time, as a slower model would.</summary>
public sealed class MinRunTimeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact(Timeout = 60_000)]
    public async Task Submit_MinRunTime_AnswersNoSoonerAndSaysSo()
    {
        var work = new ScriptedProcessor(_time);
        var options = new BatchingOptions { MaxBatchSize = 1, MaxDelay = TimeSpan.Zero, Capacity = 4, MinRunTime = TimeSpan.FromMilliseconds(20) };
        await using var batcher = new DynamicBatcher<int, string>(work, options, _time);
        var outcome = batcher.SubmitAsync(1, 1, _time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);
        (await work.NextRunAsync()).Succeed();

        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(outcome.IsCompleted);
        while (!outcome.IsCompleted)
        {
            // The delay may begin only after the time was moved.
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.True(((Outcome.Completed)await outcome).Timings!.Value.Run >= TimeSpan.FromMilliseconds(20));
    }
}
