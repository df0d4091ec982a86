using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Reads the payload of a part and verifies its length and SHA-256.</summary>
internal static class PayloadReader
{
    /// <summary>Reads a payload from the message or from the store.</summary>
    /// <returns>Null if the payload does not exist, or does not match the length and SHA-256 in the message.</returns>
    /// <exception cref="BlobStoreException">The store is unreachable, or the transfer failed.</exception>
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

    /// <summary>Reads and hashes at most the declared number of bytes, and one more to detect a longer payload.</summary>
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

        var isComplete = length == content.Length && await stream.ReadAsync(new byte[1], cancellationToken) == 0;
        PipelineMetrics.BlobRead(length);
        return isComplete && Convert.ToHexStringLower(hash.GetHashAndReset()) == part.Sha256 ? content : null;
    }
}
