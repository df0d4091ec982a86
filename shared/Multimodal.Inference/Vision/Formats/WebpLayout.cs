using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The chunks of a WebP file (RFC 9649).</summary>
internal static class WebpLayout
{
    private const int FileHeader = 12, ChunkHeader = 8, FrameHeader = 16, CanvasLength = 10;
    private const byte AnimationFlag = 0x02, AlphaFlag = 0x10;

    /// <summary>
    /// Requires every chunk to be whole and inside the declared length. The file for ImageSharp 2.1.13, which reads no animations, is the first
    /// frame as a still image.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        var declared = bytes.Length < FileHeader ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        WebpChunks parts = default;
        if (declared < 4 || declared > bytes.Length - 8 || !TryWalk(bytes[FileHeader..((int)declared + 8)], ref parts))
        {
            return false;
        }

        var isAnimated = !parts.Canvas.IsEmpty && (parts.Canvas[0] & AnimationFlag) != 0;
        return isAnimated ? TryMakeFrame(parts, out layout) : TryMakeStill(parts, out layout);
    }

    private static bool TryMakeStill(WebpChunks parts, out ImageLayout layout)
    {
        layout = default;
        if (!TryReadSize(parts.Bitstream, out var width, out var height)
            || (!parts.Canvas.IsEmpty && (Size(parts.Canvas[4..]) != width || Size(parts.Canvas[7..]) != height)))
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = width,
            Height = height,
            Frame = new FrameArea(0, 0, width, height),
            File = StillFile(parts.Alpha, parts.Bitstream, width, height),
            Exif = parts.Exif,
        };
        return true;
    }

    private static bool TryMakeFrame(WebpChunks parts, out ImageLayout layout)
    {
        layout = default;
        WebpChunks frame = default;
        if (parts.Frame.Length < FrameHeader
            || !TryWalk(parts.Frame[FrameHeader..], ref frame)
            || !TryReadSize(frame.Bitstream, out var width, out var height)
            || Size(parts.Frame[6..]) != width
            || Size(parts.Frame[9..]) != height)
        {
            return false;
        }

        // Offsets count pairs of pixels.
        layout = new ImageLayout
        {
            Width = Size(parts.Canvas[4..]),
            Height = Size(parts.Canvas[7..]),
            Frame = new FrameArea(2 * (Size(parts.Frame) - 1), 2 * (Size(parts.Frame[3..]) - 1), width, height),
            File = StillFile(frame.Alpha, frame.Bitstream, width, height),
            Exif = parts.Exif,
        };
        return true;
    }

    private static bool TryWalk(ReadOnlySpan<byte> chunks, ref WebpChunks parts)
    {
        while (!chunks.IsEmpty)
        {
            var length = chunks.Length < ChunkHeader ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            if (length > chunks.Length - ChunkHeader)
            {
                return false;
            }

            ReadOnlySpan<byte> name = chunks[..4], whole = chunks[..(ChunkHeader + (int)length)], data = whole[ChunkHeader..];
            if (parts.Canvas.IsEmpty && name.SequenceEqual("VP8X"u8))
            {
                if (length < CanvasLength)
                {
                    return false;
                }

                parts.Canvas = data;
            }
            else if (parts.Bitstream.IsEmpty && (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8)))
            {
                parts.Bitstream = whole;
            }
            else if (parts.Alpha.IsEmpty && name.SequenceEqual("ALPH"u8))
            {
                parts.Alpha = whole;
            }
            else if (parts.Frame.IsEmpty && name.SequenceEqual("ANMF"u8))
            {
                parts.Frame = data;
            }
            else if (parts.Exif.IsEmpty && name.SequenceEqual("EXIF"u8))
            {
                parts.Exif = data;
            }

            // Chunks of odd length are followed by one byte of padding.
            chunks = chunks[Math.Min(whole.Length + (whole.Length & 1), chunks.Length)..];
        }

        return true;
    }

    /// <summary>The size in the header of the coded image: VP8 after its tag and start code, VP8L after its signature.</summary>
    private static bool TryReadSize(ReadOnlySpan<byte> chunk, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (chunk.StartsWith("VP8L"u8) && chunk.Length >= ChunkHeader + 5 && chunk[ChunkHeader] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(ChunkHeader + 1)..]);
            (width, height) = ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }
        else if (chunk.StartsWith("VP8 "u8)
            && chunk.Length >= ChunkHeader + 10
            && chunk[(ChunkHeader + 3)..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(chunk[(ChunkHeader + 6)..]) & 0x3FFF;
            height = BinaryPrimitives.ReadUInt16LittleEndian(chunk[(ChunkHeader + 8)..]) & 0x3FFF;
        }

        return width > 0 && height > 0;
    }

    private static byte[] StillFile(ReadOnlySpan<byte> alpha, ReadOnlySpan<byte> bitstream, int width, int height)
    {
        using MemoryStream file = new();
        file.Write("RIFF\0\0\0\0WEBP"u8);
        if (!alpha.IsEmpty)
        {
            file.Write("VP8X"u8);
            file.Write([CanvasLength, 0, 0, 0, AlphaFlag, 0, 0, 0]);
            file.Write([(byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0]);
            Write(file, alpha);
        }

        Write(file, bitstream);
        var bytes = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }

    private static void Write(MemoryStream file, ReadOnlySpan<byte> chunk)
    {
        file.Write(chunk);
        file.Write(stackalloc byte[chunk.Length & 1]);
    }

    /// <summary>24 bits, one less than the number they stand for.</summary>
    private static int Size(ReadOnlySpan<byte> bytes) => (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16)) + 1;
}
