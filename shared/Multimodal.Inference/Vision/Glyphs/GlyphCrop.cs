using System.Buffers;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>
/// The position of a glyph as fractions of the image, and the conversion of gray levels to ink. The background is a plane, and ink has a
/// constant distance from it. Both are independent of the resolution, so the same crop can be rendered from any decoded size.
/// </summary>
internal sealed record GlyphCrop
{
    private const int Rounds = 3;

    /// <summary>The bounding box of the glyph.</summary>
    public required RelativeRectangle Box { get; init; }

    /// <summary>+1 for bright ink, -1 for dark ink.</summary>
    public required int Sign { get; init; }

    /// <summary>Difference between ink and background in gray levels, positive.</summary>
    public required float Ink { get; init; }

    /// <summary>The background level at fraction (u, v) of the image is Level + SlopeX * u + SlopeY * v.</summary>
    public required (float Level, float SlopeX, float SlopeY) Background { get; init; }

    /// <summary>Creates the crop of a glyph.</summary>
    public static GlyphCrop Of(GrayImage image, in GlyphCandidate glyph)
    {
        var ring = Math.Max(2, glyph.Extent / 6);
        var box = new PixelBox(
            Math.Max(0, glyph.Left - ring),
            Math.Max(0, glyph.Top - ring),
            Math.Min(image.Width, glyph.Right + ring),
            Math.Min(image.Height, glyph.Bottom + ring));
        return Fit(image, box, glyph.Sign, Math.Max(4, glyph.Contrast)) with
        {
            Box = new RelativeRectangle(
                glyph.Left / (double)image.Width,
                glyph.Top / (double)image.Height,
                glyph.Width / (double)image.Width,
                glyph.Height / (double)image.Height),
        };
    }

    /// <summary>Creates a crop of the whole image, for images without a glyph. The rarer levels become ink.</summary>
    public static GlyphCrop Whole(GrayImage image)
    {
        var sorted = (byte[])image.Pixels.Clone();
        Array.Sort(sorted);
        int median = sorted[sorted.Length / 2];
        var bright = sorted[(int)(0.98 * (sorted.Length - 1))] - median;
        var dark = median - sorted[(int)(0.02 * (sorted.Length - 1))];
        return new GlyphCrop
        {
            Box = RelativeRectangle.Whole,
            Sign = bright > dark ? 1 : -1,
            Ink = Math.Max(8, Math.Max(bright, dark)),
            Background = (median, 0, 0),
        };
    }

    /// <summary>Converts the level of a pixel to ink, from 0 (background) to 1.</summary>
    /// <param name="gray">The level, 0 to 255.</param>
    /// <param name="u">The horizontal position as a fraction of the image.</param>
    /// <param name="v">The vertical position as a fraction of the image.</param>
    public float InkAt(float gray, float u, float v) =>
        Math.Clamp(Sign * (gray - Background.Level - (Background.SlopeX * u) - (Background.SlopeY * v)) / Ink, 0f, 1f);

    /// <summary>Returns the square around the box.</summary>
    /// <param name="margin">The margin on each side as a share of the square.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public RelativeRectangle Square(double margin, int width, int height)
    {
        var side = Math.Max(Box.Width * width, Box.Height * height) / (1 - (2 * margin));
        double x = (Box.X + (Box.Width / 2)) * width, y = (Box.Y + (Box.Height / 2)) * height;
        return new RelativeRectangle((x - (side / 2)) / width, (y - (side / 2)) / height, side / width, side / height);
    }

    /// <summary>Converts a crop of a part of an image to a crop of the whole image.</summary>
    /// <param name="region">The part, in fractions of the image.</param>
    public GlyphCrop Within(RelativeRectangle region)
    {
        float slopeX = Background.SlopeX / (float)region.Width, slopeY = Background.SlopeY / (float)region.Height;
        return this with
        {
            Box = new RelativeRectangle(
                region.X + (Box.X * region.Width),
                region.Y + (Box.Y * region.Height),
                Box.Width * region.Width,
                Box.Height * region.Height),
            Background = (Background.Level - (slopeX * (float)region.X) - (slopeY * (float)region.Y), slopeX, slopeY),
        };
    }

    /// <summary>Converts gray levels to ink and resamples the square.</summary>
    /// <param name="part">The image, or a part of it at a higher resolution.</param>
    /// <param name="region">The part in fractions of the image, exact to a pixel.</param>
    /// <param name="square">The square to render. Beyond the image there is background.</param>
    /// <param name="target">Receives size x size values in [0, 1], rows from top to bottom.</param>
    /// <param name="size">Number of columns and rows.</param>
    public void Render(GrayImage part, RelativeRectangle region, RelativeRectangle square, Span<float> target, int size)
    {
        float stepX = (float)(region.Width / part.Width), stepY = (float)(region.Height / part.Height);
        var window = new ResampleWindow(
            (square.X - region.X) / stepX, (square.Y - region.Y) / stepY, square.Width / stepX, square.Height / stepY);
        var ink = ArrayPool<float>.Shared.Rent(part.Width * part.Height);
        var (left, right) = TriangleResampler.Range(window.X, window.Width, size, part.Width);
        var (top, bottom) = TriangleResampler.Range(window.Y, window.Height, size, part.Height);
        for (var y = top; y < bottom; y++)
        {
            var v = (float)region.Y + ((y + 0.5f) * stepY);
            for (var x = left; x < right; x++)
            {
                var index = (y * part.Width) + x;
                ink[index] = InkAt(part.Pixels[index], (float)region.X + ((x + 0.5f) * stepX), v);
            }
        }

        TriangleResampler.Resample(new Plane(ink, part.Width, part.Height), window, 0, new Plane(target, size, size));
        ArrayPool<float>.Shared.Return(ink);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Math.Clamp(target[i], 0f, 1f);
        }
    }

    /// <summary>Fits the background plane to the pixels that are nearer to background than to ink, in several rounds.</summary>
    private static GlyphCrop Fit(GrayImage image, PixelBox box, int sign, float contrast)
    {
        var (width, height, pixels) = image;
        (var level, double slopeX, double slopeY) = (InitialLevel(image, box, sign), 0, 0);
        var step = Math.Max(1, Math.Max(box.Right - box.Left, box.Bottom - box.Top) / 96);
        double ink = contrast;
        for (var round = 0; round < Rounds; round++)
        {
            PlaneFit sums = default;
            double inkSum = 0, inkSquares = 0;
            for (var y = box.Top; y < box.Bottom; y += step)
            {
                for (var x = box.Left; x < box.Right; x += step)
                {
                    double u = (x + 0.5) / width, v = (y + 0.5) / height;
                    var distance = sign * (pixels[(y * width) + x] - level - (slopeX * u) - (slopeY * v));
                    if (distance < 0.35 * ink)
                    {
                        sums.Add(u, v, pixels[(y * width) + x]);
                    }
                    else if (distance > 0.5 * ink)
                    {
                        // The mean is weighted by the distance itself, so that the cores of strokes count more than their blurred edges.
                        inkSum += distance;
                        inkSquares += distance * distance;
                    }
                }
            }

            (level, slopeX, slopeY) = sums.Solve(level, slopeX, slopeY);
            ink = inkSum > 0 ? Math.Max(4, inkSquares / inkSum) : ink;
        }

        return new GlyphCrop
        {
            Box = default,
            Sign = sign,
            Ink = (float)ink,
            Background = ((float)level, (float)slopeX, (float)slopeY),
        };
    }

    /// <summary>Estimates the background level from the outline of the box, which is almost only background.</summary>
    private static double InitialLevel(GrayImage image, PixelBox box, int sign)
    {
        var (left, top, right, bottom) = box;
        List<byte> outline = [];
        for (var x = left; x < right; x++)
        {
            outline.Add(image.Pixels[(top * image.Width) + x]);
            outline.Add(image.Pixels[((bottom - 1) * image.Width) + x]);
        }

        for (var y = top; y < bottom; y++)
        {
            outline.Add(image.Pixels[(y * image.Width) + left]);
            outline.Add(image.Pixels[(y * image.Width) + right - 1]);
        }

        outline.Sort();

        // A quantile on the background side of the median, so that some ink on the outline does not shift the estimate.
        return outline[(int)((sign > 0 ? 0.4 : 0.6) * (outline.Count - 1))];
    }
}
