namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// The blob store failed, perhaps temporarily. An <see cref="IOException"/>, because callers handle it like a disk failure.
/// </summary>
/// <param name="operation">write, read, delete or list.</param>
/// <param name="cause">The exception of the store.</param>
internal sealed class BlobStoreException(string operation, Exception cause)
    : IOException($"The blob store failed to {operation}: {cause.Message}", cause);
