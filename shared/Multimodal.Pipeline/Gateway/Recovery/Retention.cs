using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Deletes answered requests that are older than the retention time.</summary>
internal sealed class Retention(RequestStore store, IBlobStore blobs, StoreOptions options, TimeProvider time)
{
    /// <summary>Deletes them with their payloads.</summary>
    public async Task DeleteOldAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, id) in await store.ForgetAsync(time.GetUtcNow() - TimeSpan.FromDays(options.RetentionDays)))
        {
            await blobs.DeleteAsync(tenant, id, cancellationToken);
        }
    }
}
