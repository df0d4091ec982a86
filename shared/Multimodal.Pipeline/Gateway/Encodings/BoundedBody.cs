using System.Buffers;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Reads a stream into memory.</summary>
internal static class BoundedBody
{
    private const int ChunkBytes = 65_536;

    /// <returns>Null if the stream exceeds the limit; the rest is not read.</returns>
    public static async Task<byte[]?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        // Chunks of a pool, because a buffer that doubles would take three times the memory of a large body.
        List<byte[]> chunks = [];
        try
        {
            var length = 0;
            while (true)
            {
                if (length == chunks.Count * ChunkBytes)
                {
                    chunks.Add(ArrayPool<byte>.Shared.Rent(ChunkBytes));
                }

                var used = length % ChunkBytes;
                var read = await body.ReadAsync(chunks[^1].AsMemory(used, ChunkBytes - used), cancellationToken);
                if (read == 0)
                {
                    return Join(chunks, length);
                }

                length += read;
                if (length > limit)
                {
                    return null;
                }
            }
        }
        finally
        {
            foreach (var chunk in chunks)
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
        }
    }

    private static byte[] Join(List<byte[]> chunks, int length)
    {
        var content = GC.AllocateUninitializedArray<byte>(length);
        foreach (var (i, chunk) in chunks.Index())
        {
            var start = i * ChunkBytes;
            chunk.AsSpan(0, Math.Min(ChunkBytes, length - start)).CopyTo(content.AsSpan(start));
        }

        return content;
    }
}
