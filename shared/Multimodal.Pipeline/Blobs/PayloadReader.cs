using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Gets the bytes of a part, and trusts none of them before its digest is right.</summary>
internal static class PayloadReader
{
    /// <summary>The bytes of a part, from the message or from the store.</summary>
    /// <returns>Null when they are gone, or are not those whose length and SHA-256 are in the message.</returns>
    /// <exception cref="BlobStoreException">The store is away, or the transfer broke.</exception>
    public static async Task<byte[]?> ReadAsync(this IBlobStore blobs, MediaPart part, CancellationToken cancellationToken)
    {
        if (part.Inline is { } inline)
        {
            return Convert.ToHexStringLower(SHA256.HashData(inline)) == part.Sha256 ? inline : null;
        }

        await using var stream = part.Blob is null ? null : await blobs.OpenAsync(part.Blob, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        try
        {
            return await ReadAsync(stream, part, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            PipelineMetrics.BlobFailed("read");
            throw new BlobStoreException("read", exception);
        }
    }

    /// <summary>Reads as many bytes as the message promises and hashes them on the way; a longer one is not read to its end.</summary>
    private static async Task<byte[]?> ReadAsync(Stream stream, MediaPart part, CancellationToken cancellationToken)
    {
        var content = new byte[part.Length];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0;
        while (await stream.ReadAsync(content.AsMemory(length), cancellationToken) is > 0 and var count)
        {
            hash.AppendData(content.AsSpan(length, count));
            length += count;
        }

        var isWhole = length == content.Length && await stream.ReadAsync(new byte[1], cancellationToken) == 0;
        PipelineMetrics.BlobRead(length);
        return isWhole && Convert.ToHexStringLower(hash.GetHashAndReset()) == part.Sha256 ? content : null;
    }
}
