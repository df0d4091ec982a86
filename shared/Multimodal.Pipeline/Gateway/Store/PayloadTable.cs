using System.Data.Common;
using Dapper;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Inline payloads that are too large for the JSON of a row. They are written in the commit of the row and deleted in the commit of the result, so they
/// cost no disk flush of their own and a crash leaves none behind.
/// </summary>
internal static class PayloadTable
{
    /// <summary>Takes the large payloads out of a message.</summary>
    /// <param name="fuse">The message.</param>
    /// <param name="maxInRow">Largest payload in bytes that stays in the message.</param>
    /// <param name="payloads">The payloads; empty if all are small or in the blob store.</param>
    /// <returns>The message without them.</returns>
    public static Fuse Detach(Fuse fuse, int maxInRow, out IReadOnlyList<MediaPart> payloads)
    {
        payloads = [.. fuse.Parts.Where(part => part.Inline?.Length > maxInRow)];
        return payloads.Count == 0 ? fuse : fuse with { Parts = [.. fuse.Parts.Select(part => part.Inline?.Length > maxInRow ? part with { Inline = null } : part)] };
    }

    /// <summary>Stores the payloads of a request.</summary>
    public static async Task InsertAsync(DbTransaction transaction, string id, IReadOnlyList<MediaPart> payloads)
    {
        foreach (var part in payloads)
        {
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO payloads (request_id, modality, content) VALUES (@id, @modality, @Inline)",
                new { id, modality = JsonFormat.Kebab(part.Modality), part.Inline },
                transaction);
        }
    }

    /// <summary>Puts the payloads back into the message.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="id">The request's key.</param>
    /// <param name="fuse">The message as stored.</param>
    public static async Task<Fuse> AttachAsync(DbConnection connection, string id, Fuse fuse)
    {
        if (!fuse.Parts.Any(IsDetached))
        {
            return fuse;
        }

        var payloads = (await connection.QueryAsync<(string Modality, byte[] Content)>("SELECT modality, content FROM payloads WHERE request_id = @id", new { id }))
            .ToDictionary(payload => payload.Modality, payload => payload.Content);
        return fuse with
        {
            Parts = [.. fuse.Parts.Select(part => IsDetached(part) ? part with { Inline = payloads.GetValueOrDefault(JsonFormat.Kebab(part.Modality)) } : part)],
        };
    }

    private static bool IsDetached(MediaPart part) => part is { Inline: null, Blob: null };
}
