using System.Buffers;
using System.IO.Compression;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Checks that a PNG file contains all of its rows. ImageSharp leaves missing rows black.</summary>
internal static class PngRows
{
    private const int BufferLength = 1 << 16;

    /// <summary>Whether the data decompresses to all rows that the header states.</summary>
    /// <param name="file">The <see cref="ImageLayout.File"/> of a layout.</param>
    public static bool AreComplete(ReadOnlySpan<byte> file)
    {
        var offset = 8;
        _ = PngLayout.TryReadChunk(file, offset, out var chunk);
        var missing = PngHeader.Read(chunk)?.UnpackedLength ?? long.MaxValue;
        var packed = ArrayPool<byte>.Shared.Rent(file.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var length = 0;
            for (; PngLayout.TryReadChunk(file, offset, out chunk); offset += chunk.Length)
            {
                if (chunk.Slice(4, 4).SequenceEqual("IDAT"u8))
                {
                    chunk[8..^4].CopyTo(packed.AsSpan(length));
                    length += chunk.Length - 12;
                }
            }

            using MemoryStream source = new(packed, 0, length);
            using ZLibStream rows = new(source, CompressionMode.Decompress);
            var read = 1;
            while (missing > 0 && read > 0)
            {
                read = rows.Read(buffer, 0, (int)Math.Min(BufferLength, missing));
                missing -= read;
            }

            return missing == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
