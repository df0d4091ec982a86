namespace Multimodal.Inference.Vision.Formats;

/// <summary>
/// The content of a complete image file, parsed without decoding pixels. ImageSharp decodes truncated files without an error, reads every
/// frame and decompresses every text. So it gets only one frame, and only if the file is complete.
/// </summary>
internal readonly ref struct ImageLayout
{
    /// <summary>Width of the canvas in pixels, before EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the canvas in pixels, before EXIF orientation.</summary>
    public required int Height { get; init; }

    /// <summary>The position of the frame on the canvas.</summary>
    public required FrameArea Frame { get; init; }

    /// <summary>A file that contains only the frame.</summary>
    public required ReadOnlySpan<byte> File { get; init; }

    /// <summary>The EXIF data, a TIFF structure; may be empty.</summary>
    public ReadOnlySpan<byte> Exif { get; init; }

    /// <summary>Whether the canvas outside the first frame is black; else it is transparent.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>What happens to the area of the frame before the next one.</summary>
    public FrameDisposal Disposal { get; init; }

    /// <summary>Whether the frame replaces the canvas, with its transparent pixels; else they leave the canvas visible.</summary>
    public bool Replaces { get; init; }

    /// <summary>The property that ImageSharp decodes differently from libvips, for example "in CMYK"; null if there is none.</summary>
    public string? Unsupported { get; init; }

    /// <summary>Parses a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="type">Its type, determined from its first bytes.</param>
    /// <param name="layout">The content, if the result is true.</param>
    /// <param name="frame">Index of the frame.</param>
    /// <returns>False if the file is truncated or inconsistent, or does not have the frame.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ImageType type, out ImageLayout layout, int frame = 0)
    {
        if (type == ImageType.Webp)
        {
            return WebpLayout.TryRead(bytes, frame, out layout);
        }

        if (type == ImageType.Gif)
        {
            return GifLayout.TryRead(bytes, frame, out layout);
        }

        if (frame > 0)
        {
            layout = default;
            return false;
        }

        if (type == ImageType.Jpeg)
        {
            return JpegLayout.TryRead(bytes, out layout);
        }

        if (type == ImageType.Png)
        {
            return PngLayout.TryRead(bytes, out layout);
        }

        return BmpLayout.TryRead(bytes, out layout);
    }
}
