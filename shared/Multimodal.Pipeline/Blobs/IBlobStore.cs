using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// Payloads while their request is answered, under <c>tenant/request/modality</c>, so that a tenant's and a request's payloads can be
/// found and removed together. A payload appears under its key only when it is whole.
/// </summary>
internal interface IBlobStore
{
    /// <summary>Stores one payload.</summary>
    /// <returns>Its key.</returns>
    /// <exception cref="BlobStoreException">The store is away, full or refuses; nothing is left behind under the key.</exception>
    Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens a payload for reading.</summary>
    /// <returns>Null when it is gone.</returns>
    /// <exception cref="BlobStoreException">The store is away or refuses.</exception>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes all payloads of a request; harmless when there are none.</summary>
    /// <exception cref="BlobStoreException">The store is away or refuses.</exception>
    Task DeleteAsync(string tenant, Guid request, CancellationToken cancellationToken);

    /// <summary>Every request that has payloads here, whole or not, unchanged since the given moment.</summary>
    /// <exception cref="BlobStoreException">The store is away or refuses.</exception>
    IAsyncEnumerable<(string Tenant, Guid Request)> RequestsAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken);
}
