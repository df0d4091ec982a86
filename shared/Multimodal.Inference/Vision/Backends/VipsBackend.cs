using Multimodal.Inference.Vision.Formats;
using NetVips;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>Decodes with libvips. It reduces JPEG and WebP images while it loads them, so large photos are cheap.</summary>
internal sealed class VipsBackend : IImageBackend
{
    /// <summary>Longest edge of the frames that are searched for content.</summary>
    private const int ProbeEdge = 256;

    /// <summary>Longest edge from which on a JPEG image is reduced to the wanted size as far as possible while it is decoded.</summary>
    private const int PhotoEdge = 2048;

    /// <inheritdoc/>
    public bool Supports(ImageType type) => type.Loader is not null;

    /// <inheritdoc/>
    public ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type, long maxPixels)
    {
        LibVips.EnsureInitialized();
        if (type == ImageType.Tiff && TiffSamples.Unsupported(bytes) is { } property)
        {
            return new ImageHeader(1, 1, property);
        }

        try
        {
            using var source = Source.NewFromMemory(bytes);
            using var image = Load(source, type);
            var unsupported = (long)image.Width * image.Height <= maxPixels && IsFloat(image) && !IsUnitRange(image)
                ? "with floating-point samples that are not between 0 (black) and 1 (white)"
                : null;
            var isSideways = Orientation(image) >= 5;
            return isSideways
                ? new ImageHeader(image.Height, image.Width, unsupported)
                : new ImageHeader(image.Width, image.Height, unsupported);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part)
    {
        LibVips.EnsureInitialized();
        if (ImageType.Sniff(bytes) is not { Loader: not null } type)
        {
            return null;
        }

        try
        {
            return (part == default ? TryDecodePlain(bytes, type, maxEdge) : null) ?? Decode(bytes, type, FirstPageWithContent(bytes, type), maxEdge, part);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>
    /// Decodes an upright image of 8-bit sRGB that is not reduced. The result is the same as that of the thumbnail operation, which costs twice as much even if
    /// it has nothing to do.
    /// </summary>
    /// <returns>Null if the image needs more than that.</returns>
    private static RgbImage? TryDecodePlain(ReadOnlySpan<byte> bytes, ImageType type, int maxEdge)
    {
        if (type.HasFrames || type == ImageType.Tiff)
        {
            return null;
        }

        using var source = Source.NewFromMemory(bytes);
        using var image = (Image)Operation.Call(
            type.Loader!, new VOption { { "access", Enums.Access.Sequential }, { "fail_on", Enums.FailOn.Error } }, source);
        var isPlain = Math.Max(image.Width, image.Height) <= maxEdge && image.Bands == 3 && image.Format == Enums.BandFormat.Uchar
            && image.Interpretation == Enums.Interpretation.Srgb && !image.Contains("icc-profile-data") && Orientation(image) == 1;
        return isPlain ? new RgbImage(image.Width, image.Height, image.WriteToMemory<byte>()) : null;
    }

    private static RgbImage Decode(ReadOnlySpan<byte> bytes, ImageType type, int page, int maxEdge, RelativeRectangle part)
    {
        using var source = Source.NewFromMemory(bytes);
        using var thumbnail = Thumbnail(source, bytes, type, page, maxEdge);
        using var srgb = thumbnail.Colourspace(Enums.Interpretation.Srgb);
        using var levels = srgb.Cast(Enums.BandFormat.Uchar);
        var (x, y, width, height) = part == default ? (0, 0, levels.Width, levels.Height) : part.ToPixels(levels.Width, levels.Height);
        if (levels.HasAlpha())
        {
            using var colours = levels.ExtractBand(0, 3);
            using var alpha = levels.ExtractBand(levels.Bands - 1);
            using var both = colours.Bandjoin(alpha);
            return Transparency.Flatten(both.WriteToMemory<byte>(), levels.Width, new PixelBox(x, y, x + width, y + height));
        }

        using var region = levels.ExtractArea(x, y, width, height);
        using var colour = region.ExtractBand(0, 3);
        return new RgbImage(width, height, colour.WriteToMemory<byte>());
    }

    /// <summary>Decodes a page upright, with its longest edge reduced.</summary>
    private static Image Thumbnail(Source source, ReadOnlySpan<byte> bytes, ImageType type, int page, int maxEdge)
    {
        // fail_on is a loader option; the parameter of the thumbnail operation does not reach the loader.
        var options = type.HasFrames ? FormattableString.Invariant($"[page={page},fail_on=error]") : "[fail_on=error]";
        if (type == ImageType.Tiff)
        {
            using var file = Source.NewFromMemory(bytes);
            using var image = Load(file, type, page);
            if (IsFloat(image))
            {
                return FloatThumbnail(image, maxEdge);
            }
        }

        return type == ImageType.Jpeg && PhotoThumbnail(source, bytes, maxEdge) is { } photo
            ? photo
            : Image.ThumbnailSource(source, maxEdge, optionString: options, height: maxEdge, size: Enums.Size.Down);
    }

    /// <summary>
    /// Reduces a photo during its inverse cosine transform, as far as it leaves at least 7/8 of the wanted size. The thumbnail operation would reduce it by half
    /// as much while it loads, and the rest costs as much as the decoding.
    /// </summary>
    /// <returns>Null if the image is small.</returns>
    private static Image? PhotoThumbnail(Source source, ReadOnlySpan<byte> bytes, int maxEdge)
    {
        using var file = Source.NewFromMemory(bytes);
        using var header = Load(file, ImageType.Jpeg);
        var (width, height) = Orientation(header) >= 5 ? (header.Height, header.Width) : (header.Width, header.Height);
        var edge = Math.Max(width, height);
        var shrink = (2 * edge / maxEdge) switch { >= 14 => 8, >= 7 => 4, _ => 1 };
        if (edge < PhotoEdge || shrink == 1)
        {
            return null;
        }

        using var image = (Image)Operation.Call(
            ImageType.Jpeg.Loader!, new VOption { { "access", Enums.Access.Sequential }, { "shrink", shrink }, { "fail_on", Enums.FailOn.Error } }, source);

        // The shrunk size is rounded, so it does not have exactly the ratio of the photo. An image that is small enough is not reduced again.
        return edge <= shrink * maxEdge
            ? image.ThumbnailImage(maxEdge, height: maxEdge, size: Enums.Size.Down)
            : image.ThumbnailImage(Scaled(width), height: Scaled(height), size: Enums.Size.Force);

        int Scaled(int side) => Math.Max(1, (int)Math.Round((double)side * maxEdge / edge));
    }

    /// <summary>
    /// libvips takes floating-point samples for linear light. Almost all files contain levels of sRGB divided by 255, and ImageMagick reads
    /// them as such.
    /// </summary>
    private static Image FloatThumbnail(Image image, int maxEdge)
    {
        using var scaled = image.Linear([255], [0.5]);
        using var levels = scaled.Cast(Enums.BandFormat.Uchar);
        using var typed = levels.Copy(interpretation: image.Bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);

        // The source of the pixels closes with this method.
        using var pixels = typed.CopyMemory();
        return pixels.ThumbnailImage(maxEdge, height: maxEdge, size: Enums.Size.Down);
    }

    /// <summary>Returns the first page that is not blank, among those that are searched; 0 if there is none.</summary>
    private static int FirstPageWithContent(ReadOnlySpan<byte> bytes, ImageType type)
    {
        if (!type.HasFrames)
        {
            return 0;
        }

        try
        {
            using var source = Source.NewFromMemory(bytes);
            using var first = Load(source, type);
            var count = first.Contains("n-pages") ? (int)first.Get("n-pages") : 1;
            var pages = count == 1 ? 0 : Math.Min(count, FrameSearch.Limit(first.Width, first.Height, bytes.Length));
            for (var page = 0; page < pages && (page == 0 || HasSize(bytes, type, page, first)); page++)
            {
                if (!BlankImage.IsBlank(Decode(bytes, type, page, ProbeEdge, default)))
                {
                    return page;
                }
            }
        }
        catch (VipsException)
        {
            // This page is damaged. If it is not the first one, the image is as blank as the pages before it.
        }

        return 0;
    }

    /// <summary>
    /// Whether a page has the size of the first, which the limits were checked for. The frames of an animation have one size.
    /// </summary>
    private static bool HasSize(ReadOnlySpan<byte> bytes, ImageType type, int page, Image first)
    {
        if (type == ImageType.Gif || type == ImageType.Webp)
        {
            return true;
        }

        using var source = Source.NewFromMemory(bytes);
        using var image = Load(source, type, page);
        return (image.Width, image.Height) == (first.Width, first.Height);
    }

    private static Image Load(Source source, ImageType type, int page = 0) => page == 0
        ? (Image)Operation.Call(type.Loader!, source)
        : (Image)Operation.Call(type.Loader!, new VOption { { "page", page } }, source);

    private static bool IsFloat(Image image) => image.Format == Enums.BandFormat.Float;

    private static bool IsUnitRange(Image image)
    {
        // A float can exceed 1 by rounding.
        const double Most = 1 + 1e-4;
        using var statistics = image.Stats();
        return statistics.Getpoint(0, 0)[0] >= 1 - Most && statistics.Getpoint(1, 0)[0] <= Most;
    }

    /// <summary>The EXIF orientation, 1 to 8. From 5 on, width and height are swapped.</summary>
    private static int Orientation(Image image) => image.Contains("orientation") ? (int)image.Get("orientation") : 1;
}
