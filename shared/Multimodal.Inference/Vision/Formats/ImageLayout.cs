namespace Multimodal.Inference.Vision.Formats;

/// <summary>
/// What a complete image file holds, found by walking its parts without decoding a pixel. ImageSharp decodes cut-off files without an error,
/// reads every frame and unpacks every text. It is therefore given the first frame only, and only if the file is whole.
/// </summary>
internal readonly ref struct ImageLayout
{
    /// <summary>Pixels across of the picture as stored, before EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down of the picture as stored.</summary>
    public required int Height { get; init; }

    /// <summary>Where the first frame lies on the picture.</summary>
    public required FrameArea Frame { get; init; }

    /// <summary>A file of the first frame alone.</summary>
    public required ReadOnlySpan<byte> File { get; init; }

    /// <summary>EXIF as a TIFF structure, or empty.</summary>
    public ReadOnlySpan<byte> Exif { get; init; }

    /// <summary>Whether the picture is black where the first frame does not cover it; else it is transparent there.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>What ImageSharp cannot decode as libvips does, such as CMYK; null if nothing.</summary>
    public string? Unsupported { get; init; }

    /// <summary>Walks a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="type">Its type, by its first bytes.</param>
    /// <param name="layout">What it holds, on true.</param>
    /// <returns>False if the file is cut off or its parts contradict each other.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ImageType type, out ImageLayout layout)
    {
        if (type == ImageType.Jpeg)
        {
            return JpegLayout.TryRead(bytes, out layout);
        }

        if (type == ImageType.Png)
        {
            return PngLayout.TryRead(bytes, out layout);
        }

        if (type == ImageType.Webp)
        {
            return WebpLayout.TryRead(bytes, out layout);
        }

        return type == ImageType.Gif ? GifLayout.TryRead(bytes, out layout) : BmpLayout.TryRead(bytes, out layout);
    }
}
