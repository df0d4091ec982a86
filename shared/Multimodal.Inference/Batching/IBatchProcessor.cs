using System.Diagnostics.CodeAnalysis;

namespace Multimodal.Inference.Batching;

/// <summary>Prepares items and runs batches for a <see cref="DynamicBatcher{TItem, TResult}"/>.</summary>
internal interface IBatchProcessor<TItem, TResult>
{
    /// <summary>The bucket of an item. A batch holds items of one bucket only, so that small items are not padded to the size of large ones.</summary>
    int Bucket(TItem item) => 0;

    /// <summary>What was measured about the runs of a bucket.</summary>
    BatchProfile Profile(int bucket) => BatchProfile.Unknown;

    /// <summary>Prepares one item. It is called at most once per item, and concurrently for several items.</summary>
    /// <param name="item">The item.</param>
    /// <param name="refusal">The item's result if it cannot be part of a batch, when the return value is false.</param>
    /// <exception cref="Exception">Only this item fails.</exception>
    bool TryPrepare(TItem item, [NotNullWhen(false)] out TResult? refusal);

    /// <summary>Runs prepared items as one batch. After an exception it may be called again with some of the same items.</summary>
    /// <returns>Exactly one result per item, in the same order.</returns>
    /// <exception cref="Exception">The batch failed. The batcher then runs its items one by one, so that only the faulty ones
    /// fail.</exception>
    ValueTask<IReadOnlyList<TResult>> RunAsync(IReadOnlyList<TItem> items, CancellationToken cancellationToken);
}
