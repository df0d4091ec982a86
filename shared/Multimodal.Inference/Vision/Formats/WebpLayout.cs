using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses the chunks of WebP files (RFC 9649).</summary>
internal static class WebpLayout
{
    private const int FileHeader = 12, ChunkHeader = 8, FrameHeader = 16, CanvasLength = 10;
    private const byte AnimationFlag = 0x02, AlphaFlag = 0x10;

    /// <summary>
    /// Parses a file. Every chunk must be complete and inside the declared length. The file for ImageSharp 2.1.13, which does not read
    /// animations, contains one frame as a still image.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int frame, out ImageLayout layout)
    {
        layout = default;
        var declared = bytes.Length < FileHeader ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        WebpChunks chunks = new() { SkippedFrames = frame };
        if (declared < 4 || declared > bytes.Length - 8 || !TryReadChunks(bytes[FileHeader..((int)declared + 8)], ref chunks))
        {
            return false;
        }

        var isAnimated = !chunks.Canvas.IsEmpty && (chunks.Canvas[0] & AnimationFlag) != 0;
        return isAnimated ? TryCreateFrame(chunks, out layout) : frame == 0 && TryCreateStill(chunks, out layout);
    }

    private static bool TryCreateStill(WebpChunks chunks, out ImageLayout layout)
    {
        layout = default;
        if (!TryReadSize(chunks.Bitstream, out var width, out var height)
            || (!chunks.Canvas.IsEmpty && (Size(chunks.Canvas[4..]) != width || Size(chunks.Canvas[7..]) != height)))
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = width,
            Height = height,
            Frame = new FrameArea(0, 0, width, height),
            File = StillFile(chunks.Alpha, chunks.Bitstream, width, height),
            Exif = chunks.Exif,
        };
        return true;
    }

    private static bool TryCreateFrame(WebpChunks chunks, out ImageLayout layout)
    {
        layout = default;
        WebpChunks frame = default;
        if (chunks.Frame.Length < FrameHeader
            || !TryReadChunks(chunks.Frame[FrameHeader..], ref frame)
            || !TryReadSize(frame.Bitstream, out var width, out var height)
            || Size(chunks.Frame[6..]) != width
            || Size(chunks.Frame[9..]) != height)
        {
            return false;
        }

        // The format stores half of each offset.
        layout = new ImageLayout
        {
            Width = Size(chunks.Canvas[4..]),
            Height = Size(chunks.Canvas[7..]),
            Frame = new FrameArea(2 * (Size(chunks.Frame) - 1), 2 * (Size(chunks.Frame[3..]) - 1), width, height),
            File = StillFile(frame.Alpha, frame.Bitstream, width, height),
            Exif = chunks.Exif,
            Disposal = (chunks.Frame[15] & 1) == 0 ? FrameDisposal.Keep : FrameDisposal.Clear,
            Replaces = (chunks.Frame[15] & 2) != 0,
        };
        return true;
    }

    private static bool TryReadChunks(ReadOnlySpan<byte> rest, ref WebpChunks chunks)
    {
        while (!rest.IsEmpty)
        {
            var length = rest.Length < ChunkHeader ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - ChunkHeader)
            {
                return false;
            }

            ReadOnlySpan<byte> name = rest[..4], whole = rest[..(ChunkHeader + (int)length)], data = whole[ChunkHeader..];
            if (chunks.Canvas.IsEmpty && name.SequenceEqual("VP8X"u8))
            {
                if (length < CanvasLength)
                {
                    return false;
                }

                chunks.Canvas = data;
            }
            else if (chunks.Bitstream.IsEmpty && (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8)))
            {
                chunks.Bitstream = whole;
            }
            else if (chunks.Alpha.IsEmpty && name.SequenceEqual("ALPH"u8))
            {
                chunks.Alpha = whole;
            }
            else if (chunks.Frame.IsEmpty && name.SequenceEqual("ANMF"u8))
            {
                chunks.Frame = chunks.SkippedFrames-- > 0 ? default : data;
            }
            else if (chunks.Exif.IsEmpty && name.SequenceEqual("EXIF"u8))
            {
                chunks.Exif = data;
            }

            // A byte of padding follows chunks of odd length.
            rest = rest[Math.Min(whole.Length + (whole.Length & 1), rest.Length)..];
        }

        return true;
    }

    /// <summary>Reads the size from the bitstream: for VP8 after its frame tag and start code, for VP8L after its signature.</summary>
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

    /// <summary>Reads a 24-bit number that is stored minus one.</summary>
    private static int Size(ReadOnlySpan<byte> bytes) => (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16)) + 1;
}
