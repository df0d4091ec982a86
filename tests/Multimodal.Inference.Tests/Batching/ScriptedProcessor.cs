using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Tests.Batching;

/// <summary>Work on integers whose runs begin and end when the test says; negative items are refused, 13 crashes when prepared.</summary>
internal sealed class ScriptedProcessor(FakeTimeProvider time) : IBatchProcessor<int, string>
{
    private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();
    private readonly Channel<int> _prepared = Channel.CreateUnbounded<int>();

    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Fake time that preparing one item takes.</summary>
    public TimeSpan PrepareTime { get; init; }

    /// <summary>The next run that the batcher begins; it lasts until the test ends it.</summary>
    public ValueTask<Run> NextRunAsync() => _runs.Reader.ReadAsync();

    /// <summary>The next item that has been prepared.</summary>
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
