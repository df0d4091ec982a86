using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The validated header chunk of a PNG file.</summary>
internal sealed record PngHeader(int Width, int Height, int BitsPerPixel, bool HasPalette, bool IsInterlaced)
{
    private const int GrayType = 0, RgbType = 2, PaletteType = 3, GrayAlphaType = 4, RgbAlphaType = 6;

    // The passes of Adam7: first column, first row, column step, row step.
    private static readonly (int Column, int Row, int ColumnStep, int RowStep)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Length of the decompressed data in bytes: all rows with their filter bytes.</summary>
    public long UnpackedLength
    {
        get
        {
            if (!IsInterlaced)
            {
                return Rows(Width, Height);
            }

            long sum = 0;
            foreach (var (column, row, columnStep, rowStep) in Passes)
            {
                sum += Rows(Pixels(Width, column, columnStep), Pixels(Height, row, rowStep));
            }

            return sum;
        }
    }

    /// <summary>Reads a complete chunk.</summary>
    /// <returns>Null if the chunk is not a valid header.</returns>
    public static PngHeader? Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 25 || !chunk[4..8].SequenceEqual("IHDR"u8))
        {
            return null;
        }

        var data = chunk[8..];
        int width = BinaryPrimitives.ReadInt32BigEndian(data), height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
        (int depth, int colour, int interlace) = (data[8], data[9], data[12]);
        var samples = (colour, depth) switch
        {
            (GrayType, 1 or 2 or 4 or 8 or 16) or (PaletteType, 1 or 2 or 4 or 8) => 1,
            (GrayAlphaType, 8 or 16) => 2,
            (RgbType, 8 or 16) => 3,
            (RgbAlphaType, 8 or 16) => 4,
            _ => 0,
        };
        var isValid = width > 0 && height > 0 && samples > 0 && data[10] == 0 && data[11] == 0 && interlace <= 1;
        return isValid ? new PngHeader(width, height, samples * depth, colour == PaletteType, interlace == 1) : null;
    }

    private static int Pixels(int size, int first, int step) => size <= first ? 0 : ((size - first - 1) / step) + 1;

    private long Rows(long width, long height) => width == 0 ? 0 : height * (1 + (((width * BitsPerPixel) + 7) / 8));
}
