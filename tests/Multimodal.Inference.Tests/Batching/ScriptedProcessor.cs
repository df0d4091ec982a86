using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Tests.Batching;

/// <summary>
/// A processor of integers whose runs the test completes. Preparation refuses negative items and throws for 13. Items from 1000 on are
/// another bucket.
/// </summary>
internal sealed class ScriptedProcessor(FakeTimeProvider time) : IBatchProcessor<int, string>
{
    private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();
    private readonly Channel<int> _prepared = Channel.CreateUnbounded<int>();

    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Fake time by which the preparation of an item advances the clock.</summary>
    public TimeSpan PrepareTime { get; init; }

    /// <summary>What was measured about the runs.</summary>
    public BatchProfile Measured { get; init; } = BatchProfile.Unknown;

    public int Bucket(int item) => item / 1000;

    public BatchProfile Profile(int bucket) => Measured;

    /// <summary>Waits for the next run. It lasts until the test completes it.</summary>
    public ValueTask<Run> NextRunAsync() => _runs.Reader.ReadAsync();

    /// <summary>Waits for the next prepared item.</summary>
    public ValueTask<int> NextPreparedAsync() => _prepared.Reader.ReadAsync();

    public bool TryPrepare(int item, [NotNullWhen(false)] out string? refusal)
    {
        time.Advance(PrepareTime);
        Events.Enqueue($"prepare {item}");
        _prepared.Writer.TryWrite(item);
        refusal = item < 0 ? $"refused {item}" : null;
        return item == 13 ? throw new InvalidDataException("13") : refusal is null;
    }

    public async ValueTask<IReadOnlyList<string>> RunAsync(IReadOnlyList<int> items, CancellationToken cancellationToken)
    {
        var run = new Run([.. items]);
        Events.Enqueue($"run {string.Join(' ', items)}");
        using var registration = cancellationToken.Register(() => run.End.TrySetCanceled(cancellationToken));
        _runs.Writer.TryWrite(run);
        return await run.End.Task;
    }

    internal sealed record Run(int[] Items)
    {
        public TaskCompletionSource<IReadOnlyList<string>> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Succeed() => End.SetResult([.. Items.Select(item => $"result {item}")]);
    }
}
