using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Blobs;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Removes the payloads of an answered request from the blob store, unless they are to be kept.</summary>
internal sealed partial class PayloadCleaner(IBlobStore blobs, BlobOptions options, ILogger<PayloadCleaner> logger)
{
    /// <summary>Removes them; does not throw if the blob store is away.</summary>
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
        catch (IOException exception)
        {
            // The result stands; the clean-up removes the payloads later.
            LogNotDeleted(exception, combined.Answer.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The payloads of request {RequestId} could not be removed; the clean-up will remove them.")]
    private partial void LogNotDeleted(Exception exception, Guid requestId);
}
