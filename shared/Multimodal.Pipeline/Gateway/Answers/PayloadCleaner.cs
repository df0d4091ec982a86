using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Blobs;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Deletes the payloads of an answered request from the blob store, unless the configuration keeps them.</summary>
internal sealed partial class PayloadCleaner(IBlobStore blobs, BlobOptions options, ILogger<PayloadCleaner> logger)
{
    /// <summary>Deletes the payloads. Does not throw if the blob store is unavailable.</summary>
    public async Task RemoveAsync(AnswerCombined combined)
    {
        if (options.KeepAfterAnswer || !combined.HasBlobs)
        {
            return;
        }

        try
        {
            await blobs.DeleteAsync(combined.Tenant, combined.Answer.Id, CancellationToken.None);
        }
        catch (BlobStoreException)
        {
            // The result is already stored; BlobCleanUp deletes the payloads later.
            LogNotDeleted(combined.Answer.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The payloads of request {RequestId} could not be deleted; the clean-up deletes them later.")]
    private partial void LogNotDeleted(Guid requestId);
}
