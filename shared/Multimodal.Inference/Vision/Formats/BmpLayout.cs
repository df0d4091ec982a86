using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses BMP files: BITMAPFILEHEADER and the header that follows it.</summary>
internal static class BmpLayout
{
    private const int FileHeader = 14, CoreHeader = 12;
    private const int Uncompressed = 0, RunLength8 = 1, RunLength4 = 2, BitFields = 3, AlphaBitFields = 6;

    /// <summary>Parses a file. The pixel array must be complete; run-length encoded pixels must have an end mark.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        if (!HasKnownHeader(bytes))
        {
            return false;
        }

        var header = bytes[FileHeader..];
        var isCore = header[0] == CoreHeader;
        long width = isCore ? Word(header[4..]) : Number(header[4..]), height = isCore ? Word(header[6..]) : Number(header[8..]);
        int bits = Word(header[(isCore ? 10 : 14)..]), compression = isCore ? Uncompressed : Number(header[16..]);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);

        // A negative height means that rows are stored from top to bottom.
        height = Math.Abs(height);
        if (width is <= 0 or > int.MaxValue || height is 0 or > int.MaxValue || start < FileHeader + header[0] || start > bytes.Length)
        {
            return false;
        }

        var pixels = bytes[(int)start..];
        var isComplete = (compression, bits) switch
        {
            (Uncompressed, 1 or 2 or 4 or 8 or 16 or 24 or 32) or (BitFields or AlphaBitFields, 16 or 32) =>
                height <= pixels.Length / (((width * bits) + 31) / 32 * 4),
            (RunLength8, 8) => HasEndMark(pixels, bitsPerPixel: 8),
            (RunLength4, 4) => HasEndMark(pixels, bitsPerPixel: 4),
            _ => false,
        };
        if (!isComplete)
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = (int)width,
            Height = (int)height,
            Frame = new FrameArea(0, 0, (int)width, (int)height),
            File = bytes,
        };
        return true;
    }

    /// <summary>
    /// Whether the length of the second header is that of a known version. The two-letter signature alone is not specific.
    /// </summary>
    public static bool HasKnownHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= FileHeader + 4
        && BinaryPrimitives.ReadInt32LittleEndian(bytes[FileHeader..]) is CoreHeader or 40 or 52 or 56 or 64 or 108 or 124
        && bytes.Length >= FileHeader + bytes[FileHeader];

    /// <summary>Whether run-length codes have an end mark. A code is a pair of count and value, or an escape.</summary>
    private static bool HasEndMark(ReadOnlySpan<byte> codes, int bitsPerPixel)
    {
        var offset = 0;
        while (offset + 2 <= codes.Length)
        {
            var (count, value) = (codes[offset], codes[offset + 1]);
            if (count == 0 && value == 1)
            {
                return true;
            }

            // Escape 0 ends a row. Escape 2 moves the position by the next two bytes. A larger one precedes as many literal pixels, padded
            // to words.
            offset += 2 + (count, value) switch
            {
                (0, 2) => 2,
                (0, > 2) => ((value * bitsPerPixel) + 15) / 16 * 2,
                _ => 0,
            };
        }

        return false;
    }

    private static int Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
