using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The segments of a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegLayout
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1;

    /// <summary>Requires one frame, at least one scan, and the end marker after the last scan, as libvips does when it may not fill in pixels.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        ReadOnlySpan<byte> frame = default, exif = default;
        byte frameMarker = 0;
        var hasScan = false;
        var at = 2;
        while (TryNextMarker(bytes, ref at, out var marker) && marker != StartOfImage)
        {
            if (marker == EndOfImage)
            {
                return hasScan && TryReadFrame(bytes, frame, frameMarker, exif, out layout);
            }

            if (IsAlone(marker))
            {
                continue;
            }

            if (!TryReadSegment(bytes, ref at, out var segment))
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
    /// ImageSharp multiplies inks where libvips uses a profile, and is 33 of 255 levels off on average, so experts would see other colours.
    /// </summary>
    private static string? Unsupported(byte frameMarker, int components) => frameMarker switch
    {
        > 0xC8 => "in arithmetic coding",
        > 0xC2 => "lossless or hierarchical",
        _ when components == 4 => "in CMYK",
        _ => null,
    };

    /// <summary>Skips to the next marker: past coded data with its stuffed zeros and restart markers, and past stray bytes.</summary>
    private static bool TryNextMarker(ReadOnlySpan<byte> bytes, ref int at, out byte marker)
    {
        while (at < bytes.Length && bytes[at..].IndexOf((byte)0xFF) is >= 0 and int skipped)
        {
            at += skipped + 1;
            while (at < bytes.Length && bytes[at] == 0xFF)
            {
                at++;
            }

            if (at < bytes.Length && bytes[at++] is not 0 and byte found)
            {
                marker = found;
                return true;
            }
        }

        marker = 0;
        return false;
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> bytes, scoped ref int at, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        var length = at + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : 0;
        if (length < 2 || length > bytes.Length - at)
        {
            return false;
        }

        segment = bytes.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    /// <summary>SOF0 to SOF15 without the tables (DHT, DAC) and the reserved JPG in between.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

    /// <summary>TEM and restart markers have no length.</summary>
    private static bool IsAlone(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);
}
