using System.Diagnostics.CodeAnalysis;

namespace Multimodal.Inference.Batching;

/// <summary>What <see cref="DynamicBatcher{TItem, TResult}"/> does with items; the batcher itself knows nothing of models.</summary>
internal interface IBatchProcessor<TItem, TResult>
{
    /// <summary>Prepares one item. Called at most once per item, for several items at once.</summary>
    /// <param name="item">The item.</param>
    /// <param name="refusal">The item's answer when it cannot take part in a batch, on false.</param>
    /// <exception cref="Exception">Fails this item alone.</exception>
    bool TryPrepare(TItem item, [NotNullWhen(false)] out TResult? refusal);

    /// <summary>Runs prepared items as one batch. May be called again with a part of the same items after it threw.</summary>
    /// <returns>Exactly one result per item, in the same order.</returns>
    /// <exception cref="Exception">The batch failed; its items are then run one by one, so that only the culprit fails.</exception>
    ValueTask<IReadOnlyList<TResult>> RunAsync(IReadOnlyList<TItem> items, CancellationToken cancellationToken);
}
