using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Puts small payloads into the message and large ones into the blob store (claim check).</summary>
internal sealed partial class PayloadWriter(IBlobStore blobs, BlobOptions options, TransportOptions transport, ILogger<PayloadWriter> logger)
{
    /// <summary>A payload that stays after the answer must be in the blob store, because the result's commit deletes the others.</summary>
    private readonly int _inlineBytes = transport.Kind == TransportOptions.InMemory && options is { Kind: BlobOptions.Folder, KeepAfterAnswer: false }
        ? Math.Max(options.InlineBytes, options.LocalInlineBytes)
        : options.InlineBytes;

    /// <summary>Writes all payloads.</summary>
    /// <exception cref="BlobStoreException">The blob store failed.</exception>
    public async Task<IReadOnlyList<MediaPart>> WriteAsync(AcceptingRequest accepting, CancellationToken cancellationToken)
    {
        var parts = new List<MediaPart>();
        foreach (var (modality, content) in accepting.Request.Submission.Parts)
        {
            var isInline = content.Length <= _inlineBytes;
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

    /// <summary>Deletes the payloads of a refused request. If that fails, BlobCleanUp deletes them later.</summary>
    public async Task RemoveAsync(string tenant, Guid id)
    {
        try
        {
            await blobs.DeleteAsync(tenant, id, CancellationToken.None);
        }
        catch (BlobStoreException)
        {
            LogNotRemoved(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The payloads of the refused request {RequestId} could not be deleted; the clean-up deletes them later.")]
    private partial void LogNotRemoved(Guid requestId);
}
