using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>
/// Where the glyph is, as fractions of the image, and how gray levels become ink: paper is a plane, ink a constant distance
/// from it. So the same crop can be cut from any resolution.
/// </summary>
internal sealed record GlyphCrop
{
    private const int Rounds = 3;

    /// <summary>The box of the glyph.</summary>
    public required RelativeRectangle Box { get; init; }

    /// <summary>+1 for bright ink, -1 for dark ink.</summary>
    public required int Sign { get; init; }

    /// <summary>Gray levels from paper to ink, positive.</summary>
    public required float Ink { get; init; }

    /// <summary>Paper level at fraction (u, v) of the image: Level + SlopeX * u + SlopeY * v.</summary>
    public required (float Level, float SlopeX, float SlopeY) Background { get; init; }

    /// <summary>The crop of a found glyph.</summary>
    public static GlyphCrop Of(GrayImage image, in GlyphCandidate glyph)
    {
        var ring = Math.Max(2, glyph.Extent / 6);
        var (left, right) = (Math.Max(0, glyph.Left - ring), Math.Min(image.Width, glyph.Right + ring));
        var (top, bottom) = (Math.Max(0, glyph.Top - ring), Math.Min(image.Height, glyph.Bottom + ring));
        return Fit(image, left, top, right, bottom, glyph.Sign, Math.Max(4, glyph.Contrast)) with
        {
            Box = new RelativeRectangle(
                glyph.Left / (double)image.Width,
                glyph.Top / (double)image.Height,
                glyph.Width / (double)image.Width,
                glyph.Height / (double)image.Height),
        };
    }

    /// <summary>The whole image, when nothing stands out: what is rarer is ink.</summary>
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

    /// <summary>Ink of one pixel: 0 is paper, 1 is full ink.</summary>
    /// <param name="gray">Its level, 0 to 255.</param>
    /// <param name="u">Its place across, as a fraction of the image.</param>
    /// <param name="v">Its place down, as a fraction of the image.</param>
    public float InkAt(float gray, float u, float v) =>
        Math.Clamp(Sign * (gray - Background.Level - (Background.SlopeX * u) - (Background.SlopeY * v)) / Ink, 0f, 1f);

    /// <summary>The square around the box, with a margin as a share of the square, in fractions of an image of the given shape.</summary>
    public RelativeRectangle Square(double margin, int width, int height)
    {
        var side = Math.Max(Box.Width * width, Box.Height * height) / (1 - (2 * margin));
        double x = (Box.X + (Box.Width / 2)) * width, y = (Box.Y + (Box.Height / 2)) * height;
        return new RelativeRectangle((x - (side / 2)) / width, (y - (side / 2)) / height, side / width, side / height);
    }

    /// <summary>This crop of a part of an image as a crop of the image.</summary>
    /// <param name="place">Where the part is, in fractions of the image.</param>
    public GlyphCrop Within(RelativeRectangle place)
    {
        float slopeX = Background.SlopeX / (float)place.Width, slopeY = Background.SlopeY / (float)place.Height;
        return this with
        {
            Box = new RelativeRectangle(
                place.X + (Box.X * place.Width), place.Y + (Box.Y * place.Height), Box.Width * place.Width, Box.Height * place.Height),
            Background = (Background.Level - (slopeX * (float)place.X) - (slopeY * (float)place.Y), slopeX, slopeY),
        };
    }

    /// <summary>Turns gray levels to ink and resamples the square.</summary>
    /// <param name="part">Pixels of the image, or of a part of it at a higher resolution.</param>
    /// <param name="place">Where the part is, in fractions of the image; covered by the part to within a pixel.</param>
    /// <param name="square">What to write; beyond the image there is paper.</param>
    /// <param name="target">Receives size times size values in [0, 1].</param>
    /// <param name="size">Values across and down.</param>
    public void Render(GrayImage part, RelativeRectangle place, RelativeRectangle square, Span<float> target, int size)
    {
        var ink = new float[part.Width * part.Height];
        float stepX = (float)(place.Width / part.Width), stepY = (float)(place.Height / part.Height);
        for (var y = 0; y < part.Height; y++)
        {
            var v = (float)place.Y + ((y + 0.5f) * stepY);
            for (var x = 0; x < part.Width; x++)
            {
                var at = (y * part.Width) + x;
                ink[at] = InkAt(part.Pixels[at], (float)place.X + ((x + 0.5f) * stepX), v);
            }
        }

        TriangleResampler.Resample(
            ink, part.Width, part.Height,
            (square.X - place.X) / stepX, (square.Y - place.Y) / stepY, square.Width / stepX, square.Height / stepY,
            0, target, size, size);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Math.Clamp(target[i], 0f, 1f);
        }
    }

    /// <summary>Fits the plane to the pixels that are nearer to paper than to ink, starting from their median.</summary>
    private static GlyphCrop Fit(GrayImage image, int left, int top, int right, int bottom, int sign, float contrast)
    {
        var (width, height, p) = image;
        (var level, double slopeX, double slopeY) = (StartLevel(image, left, top, right, bottom, sign), 0, 0);
        var step = Math.Max(1, Math.Max(right - left, bottom - top) / 96);
        double ink = contrast;
        for (var round = 0; round < Rounds; round++)
        {
            PlaneFit sums = default;
            double inkSum = 0, inkSquares = 0;
            for (var y = top; y < bottom; y += step)
            {
                for (var x = left; x < right; x += step)
                {
                    double u = (x + 0.5) / width, v = (y + 0.5) / height;
                    var distance = sign * (p[(y * width) + x] - level - (slopeX * u) - (slopeY * v));
                    if (distance < 0.35 * ink)
                    {
                        sums.Add(u, v, p[(y * width) + x]);
                    }
                    else if (distance > 0.5 * ink)
                    {
                        // Self-weighted mean: the cores of the strokes count more than their blurred edges.
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

    /// <summary>Median of the outline of the rectangle: nearly all of it is paper.</summary>
    private static double StartLevel(GrayImage image, int left, int top, int right, int bottom, int sign)
    {
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

        // A little to the side of paper: a clutter of ink on the outline must not pull the start towards ink.
        return outline[(int)((sign > 0 ? 0.4 : 0.6) * (outline.Count - 1))];
    }
}
