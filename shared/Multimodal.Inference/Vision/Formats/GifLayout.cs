using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses the blocks of GIF files (GIF89a, clause 15 and later).</summary>
internal static class GifLayout
{
    private const int ScreenLength = 13, DescriptorLength = 10;
    private const byte Extension = 0x21, GraphicControl = 0xF9, TransparencyFlag = 1, Image = 0x2C, Trailer = 0x3B;

    /// <summary>
    /// Parses a file. The frame must be complete; later frames may be truncated, as in libvips. The file for ImageSharp contains only this
    /// frame, on a screen of its size, so that the other frames cost nothing.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int frame, out ImageLayout layout)
    {
        layout = default;
        if (bytes.Length < ScreenLength)
        {
            return false;
        }

        ReadOnlySpan<byte> colours = default, control = default;
        var offset = ScreenLength;
        if (!TryReadBytes(bytes, ref offset, ColoursLength(bytes[10]), ref colours))
        {
            return false;
        }

        while (offset < bytes.Length && bytes[offset] != Trailer)
        {
            var start = offset;
            if (bytes[offset] == Extension)
            {
                offset += 2;
                if (!TrySkipBlocks(bytes, ref offset))
                {
                    return false;
                }

                if (bytes[start + 1] == GraphicControl)
                {
                    control = bytes[start..offset];
                }
            }
            else if (bytes[offset] != Image || !TrySkipImage(bytes, ref offset))
            {
                return false;
            }
            else if (frame-- == 0)
            {
                return TryCreate(bytes, colours, control, bytes[start..offset], out layout);
            }
            else
            {
                control = default;
            }
        }

        return false;
    }

    private static bool TryCreate(
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

        // A frame that extends beyond the screen enlarges the canvas, as in libvips.
        layout = new ImageLayout
        {
            Width = Math.Max(width, area.Left + area.Width),
            Height = Math.Max(height, area.Top + area.Height),
            Frame = area,
            File = file,
            IsOpaque = control.Length < 8 || (control[3] & TransparencyFlag) == 0,
            Disposal = control.Length < 8 ? FrameDisposal.Keep : Disposal((control[3] >> 2) & 7),
        };
        return true;
    }

    /// <summary>GIF89a, clause 23. Browsers treat the undefined value 4 as 3.</summary>
    private static FrameDisposal Disposal(int method) => method switch
    {
        2 => FrameDisposal.Clear,
        3 or 4 => FrameDisposal.Restore,
        _ => FrameDisposal.Keep,
    };

    private static bool TrySkipImage(ReadOnlySpan<byte> bytes, ref int offset)
    {
        ReadOnlySpan<byte> skipped = default;
        return bytes.Length - offset >= DescriptorLength
            && TryReadBytes(bytes, ref offset, DescriptorLength + ColoursLength(bytes[offset + 9]) + 1, ref skipped)
            && TrySkipBlocks(bytes, ref offset);
    }

    /// <summary>Skips data blocks up to and including the empty block.</summary>
    private static bool TrySkipBlocks(ReadOnlySpan<byte> bytes, ref int offset)
    {
        while (offset < bytes.Length && bytes[offset] != 0)
        {
            offset += bytes[offset] + 1;
        }

        return offset++ < bytes.Length;
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> bytes, scoped ref int offset, int length, ref ReadOnlySpan<byte> result)
    {
        if (length > bytes.Length - offset)
        {
            return false;
        }

        result = bytes.Slice(offset, length);
        offset += length;
        return true;
    }

    /// <summary>
    /// Length of the colour table in bytes. The highest bit of the flags states if there is one, the lowest three bits its size.
    /// </summary>
    private static int ColoursLength(byte flags) => flags < 0x80 ? 0 : 3 << ((flags & 7) + 1);

    private static int Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
