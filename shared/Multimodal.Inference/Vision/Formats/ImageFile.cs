namespace Multimodal.Inference.Vision.Formats;

/// <summary>
/// An image file as decoders read it: without white space before its first byte, which scripts on web servers add, and with the end marker
/// of a JPEG, which cameras and interrupted copies omit.
/// </summary>
internal readonly ref struct ImageFile
{
    private const int MaxSkipped = 64;

    private static readonly byte[] EndOfImage = [0xFF, 0xD9];

    /// <summary>The type.</summary>
    public required ImageType Type { get; init; }

    /// <summary>The file.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Determines the type of a file and repairs it.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="file">The file, if the result is true.</param>
    /// <returns>False if the type is unknown.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out ImageFile file)
    {
        var trimmed = SkipSpace(bytes);
        if (ImageType.Sniff(trimmed) is not { } type)
        {
            file = default;
            return false;
        }

        file = new ImageFile { Type = type, Bytes = type == ImageType.Jpeg ? WithEnd(trimmed) : trimmed };
        return true;
    }

    /// <summary>Skips a UTF-8 byte order mark and ASCII white space, up to 64 bytes.</summary>
    public static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> bytes)
    {
        var start = 0;
        while (start < Math.Min(MaxSkipped, bytes.Length))
        {
            var rest = bytes[start..];
            var length = rest.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : rest[0] is 9 or 10 or 13 or 32 ? 1 : 0;
            if (length == 0)
            {
                break;
            }

            start += length;
        }

        return bytes[start..];
    }

    /// <summary>Adds the end marker to a JPEG that lacks it, if every pixel is present.</summary>
    private static ReadOnlySpan<byte> WithEnd(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.EndsWith(EndOfImage) || JpegLayout.TryRead(jpeg, out _))
        {
            return jpeg;
        }

        // The file can end within the marker.
        var data = jpeg[^1] == 0xFF ? jpeg[..^1] : jpeg;
        return JpegScans.AreComplete(data) ? (byte[])[.. data, .. EndOfImage] : jpeg;
    }
}
