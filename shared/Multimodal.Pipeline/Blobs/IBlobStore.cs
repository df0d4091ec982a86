using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// Stores payloads until their request is answered. The key is <c>tenant/request/modality</c>, so that all payloads of a tenant or a
/// request can be found together. A payload is visible under its key only once it is complete.
/// </summary>
internal interface IBlobStore
{
    /// <summary>Stores one payload.</summary>
    /// <returns>Its key.</returns>
    /// <exception cref="BlobStoreException">The store is unreachable, full or refuses the call; the key does not exist.</exception>
    Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens a payload for reading.</summary>
    /// <returns>Null if it does not exist.</returns>
    /// <exception cref="BlobStoreException">The store is unreachable or refuses the call.</exception>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes all payloads of a request, if there are any.</summary>
    /// <exception cref="BlobStoreException">The store is unreachable or refuses the call.</exception>
    Task DeleteAsync(string tenant, Guid request, CancellationToken cancellationToken);

    /// <summary>Lists the requests whose payloads, complete or partial, have not changed since the given time.</summary>
    /// <exception cref="BlobStoreException">The store is unreachable or refuses the call.</exception>
    IAsyncEnumerable<(string Tenant, Guid Request)> RequestsAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken);
}
