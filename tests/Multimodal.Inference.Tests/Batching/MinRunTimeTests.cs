using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;
using Outcome = Multimodal.Inference.Batching.BatchOutcome<string>;

namespace Multimodal.Inference.Tests.Batching;

/// <summary>A batch with a minimum run time, which simulates a slower model.</summary>
public sealed class MinRunTimeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact(Timeout = 60_000)]
    public async Task Submit_MinRunTime_CompletesNoEarlier()
    {
        var processor = new ScriptedProcessor(_time);
        var options = new BatchingOptions
        {
            MaxBatchSize = 1,
            MaxDelay = TimeSpan.Zero,
            Capacity = 4,
            MinRunTime = TimeSpan.FromMilliseconds(20),
        };
        await using var batcher = new DynamicBatcher<int, string>(processor, options, _time);
        var outcome = batcher.SubmitAsync(1, 1, _time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);
        (await processor.NextRunAsync()).Succeed();

        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(outcome.IsCompleted);
        while (!outcome.IsCompleted)
        {
            // The delay can start after the time has advanced.
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.True(((Outcome.Completed)await outcome).Timings!.Value.Run >= TimeSpan.FromMilliseconds(20));
    }
}
