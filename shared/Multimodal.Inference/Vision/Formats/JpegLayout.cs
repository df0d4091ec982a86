using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses the segments of JPEG files (ITU-T T.81, annex B).</summary>
internal static class JpegLayout
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1;

    /// <summary>
    /// Parses a file. It must contain one frame, at least one scan, and the end marker, as libvips with fail_on=error requires.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        ReadOnlySpan<byte> frame = default, exif = default;
        byte frameMarker = 0;
        var hasScan = false;
        var offset = 2;
        while (TryNextMarker(bytes, ref offset, out var marker) && marker != StartOfImage)
        {
            if (marker == EndOfImage)
            {
                return hasScan && TryReadFrame(bytes, frame, frameMarker, exif, out layout);
            }

            if (IsStandalone(marker))
            {
                continue;
            }

            if (!TryReadSegment(bytes, ref offset, out var segment))
            {
                return false;
            }

            if (IsFrame(marker))
            {
                if (frameMarker != 0)
                {
                    return false;
                }

                frame = segment;
                frameMarker = marker;
            }
            else if (marker == StartOfScan)
            {
                if (frameMarker == 0)
                {
                    return false;
                }

                hasScan = true;
            }
            else if (marker == App1 && exif.IsEmpty && segment.StartsWith("Exif\0\0"u8))
            {
                exif = segment[6..];
            }
        }

        return false;
    }

    private static bool TryReadFrame(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> frame, byte marker, ReadOnlySpan<byte> exif, out ImageLayout layout)
    {
        layout = default;
        if (frame.Length < 6)
        {
            return false;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        if (width == 0 || height == 0)
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = width,
            Height = height,
            Frame = new FrameArea(0, 0, width, height),
            File = file,
            Exif = exif,
            Unsupported = Unsupported(marker, frame[5]),
        };
        return true;
    }

    /// <summary>
    /// Returns the unsupported property of a frame. For CMYK, ImageSharp multiplies inks where libvips uses a colour profile. The mean
    /// difference of 33 of 255 levels would change the opinions of experts.
    /// </summary>
    private static string? Unsupported(byte frameMarker, int components) => frameMarker switch
    {
        > 0xC8 => "in arithmetic coding",
        > 0xC2 => "lossless or hierarchical",
        _ when components == 4 => "in CMYK",
        _ => null,
    };

    /// <summary>Finds the next marker. Skips entropy-coded data with its stuffed zeros, and stray bytes.</summary>
    private static bool TryNextMarker(ReadOnlySpan<byte> bytes, ref int offset, out byte marker)
    {
        while (offset < bytes.Length && bytes[offset..].IndexOf((byte)0xFF) is >= 0 and int skipped)
        {
            offset += skipped + 1;
            while (offset < bytes.Length && bytes[offset] == 0xFF)
            {
                offset++;
            }

            if (offset < bytes.Length && bytes[offset++] is not 0 and byte found)
            {
                marker = found;
                return true;
            }
        }

        marker = 0;
        return false;
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> bytes, scoped ref int offset, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        var length = offset + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) : 0;
        if (length < 2 || length > bytes.Length - offset)
        {
            return false;
        }

        segment = bytes.Slice(offset + 2, length - 2);
        offset += length;
        return true;
    }

    /// <summary>Whether the marker is SOF0 to SOF15, without DHT, JPG and DAC in this range.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

    /// <summary>Whether the marker has no segment: TEM and restart markers.</summary>
    private static bool IsStandalone(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);
}
