using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The blocks of a GIF file (GIF89a, clause 15 and following).</summary>
internal static class GifLayout
{
    private const int ScreenLength = 13, DescriptorLength = 10;
    private const byte Extension = 0x21, GraphicControl = 0xF9, TransparencyFlag = 1, Image = 0x2C, Trailer = 0x3B;

    /// <summary>
    /// Requires every block up to the end of the first frame; libvips does not mind either if later frames are cut off. The file for ImageSharp is the
    /// first frame on a screen of its own size, so that the others cost nothing.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        if (bytes.Length < ScreenLength)
        {
            return false;
        }

        ReadOnlySpan<byte> colours = default, control = default;
        var at = ScreenLength;
        if (!TryTake(bytes, ref at, ColoursLength(bytes[10]), ref colours))
        {
            return false;
        }

        while (at < bytes.Length && bytes[at] != Trailer)
        {
            var start = at;
            if (bytes[at] == Extension)
            {
                at += 2;
                if (!TrySkipBlocks(bytes, ref at))
                {
                    return false;
                }

                if (bytes[start + 1] == GraphicControl)
                {
                    control = bytes[start..at];
                }
            }
            else
            {
                return bytes[at] == Image
                    && TrySkipImage(bytes, ref at)
                    && TryMake(bytes, colours, control, bytes[start..at], out layout);
            }
        }

        return false;
    }

    private static bool TryMake(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> colours, ReadOnlySpan<byte> control, ReadOnlySpan<byte> frame, out ImageLayout layout)
    {
        layout = default;
        var area = new FrameArea(Word(frame[1..]), Word(frame[3..]), Word(frame[5..]), Word(frame[7..]));
        int width = Word(bytes[6..]), height = Word(bytes[8..]);
        if (width == 0 || height == 0 || area.Width == 0 || area.Height == 0)
        {
            return false;
        }

        byte[] file = [.. bytes[..ScreenLength], .. colours, .. control, .. frame, Trailer];
        var descriptor = file.AsSpan(ScreenLength + colours.Length + control.Length);
        frame[5..9].CopyTo(file.AsSpan(6));
        descriptor[1..5].Clear();

        // A frame that reaches beyond the screen enlarges the picture, as in libvips.
        layout = new ImageLayout
        {
            Width = Math.Max(width, area.Left + area.Width),
            Height = Math.Max(height, area.Top + area.Height),
            Frame = area,
            File = file,
            IsOpaque = control.Length < 8 || (control[3] & TransparencyFlag) == 0,
        };
        return true;
    }

    private static bool TrySkipImage(ReadOnlySpan<byte> bytes, ref int at)
    {
        ReadOnlySpan<byte> skipped = default;
        return bytes.Length - at >= DescriptorLength
            && TryTake(bytes, ref at, DescriptorLength + ColoursLength(bytes[at + 9]) + 1, ref skipped)
            && TrySkipBlocks(bytes, ref at);
    }

    /// <summary>Skips data blocks up to and including the empty one.</summary>
    private static bool TrySkipBlocks(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length && bytes[at] != 0)
        {
            at += bytes[at] + 1;
        }

        return at++ < bytes.Length;
    }

    private static bool TryTake(ReadOnlySpan<byte> bytes, scoped ref int at, int length, ref ReadOnlySpan<byte> taken)
    {
        if (length > bytes.Length - at)
        {
            return false;
        }

        taken = bytes.Slice(at, length);
        at += length;
        return true;
    }

    /// <summary>Bytes of the colour table that packed flags announce: the highest bit says whether, the lowest three how many.</summary>
    private static int ColoursLength(byte flags) => flags < 0x80 ? 0 : 3 << ((flags & 7) + 1);

    private static int Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
