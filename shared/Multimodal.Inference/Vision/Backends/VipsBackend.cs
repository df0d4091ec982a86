using Multimodal.Inference.Vision.Formats;
using NetVips;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>Decodes with libvips. It reduces JPEG and WebP images while it loads them, so large photos are cheap.</summary>
internal sealed class VipsBackend : IImageBackend
{
    private static readonly double[] White = [255];

    /// <inheritdoc/>
    public bool Supports(ImageType type) => type.Loader is not null;

    /// <inheritdoc/>
    public ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type)
    {
        LibVips.EnsureInitialized();
        if (type.Loader is not { } loader)
        {
            return null;
        }

        try
        {
            using var source = Source.NewFromMemory(bytes);
            using var image = (Image)Operation.Call(loader, source);
            var isSideways = Orientation(image) >= 5;
            return isSideways ? new ImageHeader(image.Height, image.Width) : new ImageHeader(image.Width, image.Height);
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
        try
        {
            using var source = Source.NewFromMemory(bytes);
            // fail_on is a loader option; the parameter of the thumbnail operation does not reach the loader.
            using var thumbnail = Image.ThumbnailSource(
                source, maxEdge, optionString: "[fail_on=error]", height: maxEdge, size: Enums.Size.Down);
            using var srgb = thumbnail.Colourspace(Enums.Interpretation.Srgb);
            using var opaque = srgb.HasAlpha() ? srgb.Flatten(White) : srgb.Copy();
            using var bytesOnly = opaque.Cast(Enums.BandFormat.Uchar);
            var (x, y, width, height) = part == default
                ? (0, 0, bytesOnly.Width, bytesOnly.Height)
                : part.ToPixels(bytesOnly.Width, bytesOnly.Height);
            using var region = bytesOnly.ExtractArea(x, y, width, height);
            using var colour = region.ExtractBand(0, 3);
            return new RgbImage(width, height, colour.WriteToMemory<byte>());
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>The EXIF orientation, 1 to 8. From 5 on, width and height are swapped.</summary>
    private static int Orientation(Image image) => image.Contains("orientation") ? (int)image.Get("orientation") : 1;
}
