using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;
using Multimodal.Inference.Vision.Filters;
using Multimodal.Inference.Vision.Glyphs;

namespace Multimodal.Inference.Vision.Features;

/// <summary>
/// Cheap features of an image for the gate: its quality, from a thumbnail, and properties of its glyph, which is found once for the gate and the experts.
/// All values are finite and most are in [0, 1].
/// </summary>
public static class ImageFeatures
{
    private const int ThumbnailEdge = 256;
    private const int GlyphEdge = 32;

    /// <summary>The name of each feature, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "image.brightness", "image.contrast", "image.range", "image.noise", "image.sharpness", "image.edge-density",
        "image.saturation", "image.colourfulness", "image.clipped", "image.unevenness", "image.aspect", "image.log-pixels",
        "image.bits-per-pixel", "image.glyph-found", "image.glyph-size", "image.glyph-aspect", "image.glyph-contrast",
        "image.glyph-separation", "image.glyph-parts", "image.glyph-bright", "image.stroke-width", "image.stroke-complexity",
        "image.stroke-softness", "image.ink-fraction", "image.axis-straightness", "image.direction-entropy",
        "image.mirror-symmetry", "image.stroke-evenness",
    ];

    /// <summary>Decodes an image and computes its features.</summary>
    /// <param name="media">The whole file as the client sent it.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="values">One element per name. All of them are written if the result is true.</param>
    /// <param name="failure">The reason why the image is refused, if the result is false.</param>
    /// <returns>False if the image is refused.</returns>
    public static bool TryCompute(
        MediaContent media, MediaOptions limits, Span<float> values, [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Names.Count);
        if (!ImageReading.TryDecode(media, ImageReading.WorkingEdge, limits, out var decoded, out failure))
        {
            return false;
        }

        var (info, image) = decoded;
        var pixels = (double)info.Width!.Value * info.Height!.Value;
        values[10] = (float)Math.Clamp(Math.Log2((double)info.Width.Value / info.Height.Value) / 2, -2, 2);
        values[11] = (float)(Math.Log10(pixels) / 8);
        values[12] = (float)Math.Clamp(Math.Log2(1 + (8.0 * media.Bytes.Length / pixels)) / 4, 0, 2);
        AddImage(AreaReduction.Reduce(image, ThumbnailEdge), values);
        AddGlyph(GlyphView.Of(media, image), values[13..]);
        return true;
    }

    private static void AddImage(RgbImage image, Span<float> values)
    {
        var gray = image.ToGray();
        var histogram = new int[256];
        var clipped = 0;
        foreach (var level in gray.Pixels)
        {
            histogram[level]++;
            clipped += level is < 8 or >= 248 ? 1 : 0;
        }

        var (mean, deviation) = Spread(histogram, gray.Pixels.Length);
        values[0] = (float)(mean / 255);
        values[1] = (float)(deviation / 128);
        values[2] = (Quantile(histogram, 0.98, gray.Pixels.Length) - Quantile(histogram, 0.02, gray.Pixels.Length)) / 255f;
        values[3] = (float)(GrayFilters.Noise(gray) / 32);
        (values[4], values[5]) = ThumbnailStatistics.SharpnessAndEdges(gray);
        (values[6], values[7]) = ThumbnailStatistics.SaturationAndColourfulness(image);
        values[8] = (float)clipped / gray.Pixels.Length;
        values[9] = ThumbnailStatistics.Unevenness(gray);
    }

    private static void AddGlyph(GlyphView view, Span<float> values)
    {
        var (_, gray, crop, _, found) = view;
        Span<float> ink = stackalloc float[GlyphEdge * GlyphEdge];
        crop.Render(gray, RelativeRectangle.Whole, crop.Square(0.125, gray.Width, gray.Height), ink, GlyphEdge);
        double across = crop.Box.Width * gray.Width, down = crop.Box.Height * gray.Height;
        values[0] = found is null ? 0 : 1;
        values[1] = (float)(Math.Max(across, down) / Math.Min(gray.Width, gray.Height));
        values[2] = (float)Math.Clamp(across / down, 0, 2);
        values[3] = crop.Ink / 255;
        values[4] = found?.Separation ?? 0;
        values[5] = found is { IsGroup: true } ? 1 : 0;
        values[6] = crop.Sign > 0 ? 1 : 0;
        values[7] = Math.Min(1, 2 * (found?.StrokeRatio ?? 0));
        values[8] = Math.Min(2, (found?.Complexity ?? 0) / 4);
        GlyphStatistics.Compute(ink, GlyphEdge, values[9..]);
    }

    private static (double Mean, double Deviation) Spread(ReadOnlySpan<int> histogram, int count)
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < histogram.Length; i++)
        {
            sum += (double)i * histogram[i];
            squares += (double)i * i * histogram[i];
        }

        var mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
    }

    private static int Quantile(ReadOnlySpan<int> histogram, double quantile, int count)
    {
        var left = quantile * count;
        for (var i = 0; i < histogram.Length; i++)
        {
            left -= histogram[i];
            if (left < 0)
            {
                return i;
            }
        }

        return histogram.Length - 1;
    }
}
