using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Puts the payloads of a request into its message if they are small, else into the blob store (claim check).</summary>
internal sealed partial class PayloadWriter(IBlobStore blobs, BlobOptions options, ILogger<PayloadWriter> logger)
{
    /// <summary>Writes all payloads.</summary>
    /// <exception cref="BlobStoreException">The blob store failed.</exception>
    public async Task<IReadOnlyList<MediaPart>> WriteAsync(AcceptingRequest accepting, CancellationToken cancellationToken)
    {
        var parts = new List<MediaPart>();
        foreach (var (modality, content) in accepting.Request.Submission.Parts)
        {
            var isInline = content.Length <= options.InlineBytes;
            parts.Add(new MediaPart
            {
                Modality = modality,
                MediaType = accepting.Parts.MediaTypes[modality],
                Length = content.Length,
                Sha256 = accepting.Submission.Digests[modality],
                Inline = isInline ? content.ToArray() : null,
                Blob = isInline ? null : await blobs.WriteAsync(accepting.Request.Tenant, accepting.Request.Id, modality, content, cancellationToken),
            });
        }

        return parts;
    }

    /// <summary>Removes the payloads of a refused request; the clean-up removes what cannot be removed now.</summary>
    public async Task RemoveAsync(string tenant, Guid id)
    {
        try
        {
            await blobs.DeleteAsync(tenant, id, CancellationToken.None);
        }
        catch (BlobStoreException exception)
        {
            LogNotRemoved(exception, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The payloads of the refused request {RequestId} could not be removed; the clean-up will remove them.")]
    private partial void LogNotRemoved(Exception exception, Guid requestId);
}
