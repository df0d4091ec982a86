namespace Multimodal.Inference.Vision.Backends;

/// <summary>
/// Flattens transparent images. The background is white, as in browsers. It is black if everything that is visible on black would vanish on
/// white, for example white strokes on a transparent ground (decision 0117).
/// </summary>
internal static class Transparency
{
    private const int Visible = 32, IgnoredShare = 1000;

    /// <summary>Blends a part of an image with the background that suits the whole image. Levels are rounded down.</summary>
    /// <param name="rgba">The pixels of the whole image, four bytes each, not premultiplied.</param>
    /// <param name="width">Width of the whole image in pixels.</param>
    /// <param name="part">The part, inside the image.</param>
    public static RgbImage Flatten(ReadOnlySpan<byte> rgba, int width, PixelBox part)
    {
        int across = part.Right - part.Left, down = part.Bottom - part.Top, background = Background(rgba);
        var pixels = new byte[3 * across * down];
        for (var y = 0; y < down; y++)
        {
            var row = rgba.Slice(4 * (((part.Top + y) * width) + part.Left), 4 * across);
            var target = pixels.AsSpan(3 * y * across);
            for (var x = 0; x < across; x++)
            {
                var alpha = row[(4 * x) + 3];
                var rest = background * (255 - alpha);
                target[3 * x] = (byte)(((row[4 * x] * alpha) + rest) / 255);
                target[(3 * x) + 1] = (byte)(((row[(4 * x) + 1] * alpha) + rest) / 255);
                target[(3 * x) + 2] = (byte)(((row[(4 * x) + 2] * alpha) + rest) / 255);
            }
        }

        return new RgbImage(across, down, pixels);
    }

    /// <summary>
    /// Returns 255 or 0. A pixel is visible on a background if one of its channels differs from it by 32 levels. Fewer than one pixel in a
    /// thousand does not count.
    /// </summary>
    private static int Background(ReadOnlySpan<byte> rgba)
    {
        int onWhite = 0, onBlack = 0, ignored = rgba.Length / 4 / IgnoredShare;
        for (var i = 0; i < rgba.Length; i += 4)
        {
            int alpha = rgba[i + 3];
            int darkest = Math.Min(rgba[i], Math.Min(rgba[i + 1], rgba[i + 2]));
            int brightest = Math.Max(rgba[i], Math.Max(rgba[i + 1], rgba[i + 2]));
            onWhite += (255 - darkest) * alpha >= Visible * 255 ? 1 : 0;
            onBlack += brightest * alpha >= Visible * 255 ? 1 : 0;
            if (onWhite > ignored)
            {
                return 255;
            }
        }

        return onBlack > ignored ? 0 : 255;
    }
}
