namespace Multimodal.Pipeline.Blobs;

/// <summary>The blob store cannot be used at this moment. An <see cref="IOException"/>, because callers treat a disk that fails alike.</summary>
/// <param name="operation">write, read, delete or list.</param>
/// <param name="cause">What failed.</param>
internal sealed class BlobStoreException(string operation, Exception cause)
    : IOException($"The blob store failed to {operation}: {cause.Message}", cause);
