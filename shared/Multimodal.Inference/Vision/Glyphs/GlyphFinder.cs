using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Finds the glyph in an image of any size and noise level.</summary>
internal static class GlyphFinder
{
    /// <summary>Shortest longer edge of the working image. Smaller images are enlarged, because filter sizes are in pixels.</summary>
    private const int MinWorkingEdge = 128;

    /// <summary>Finds the glyph.</summary>
    /// <param name="gray">The image.</param>
    /// <returns>
    /// The crop, the longer side of its box in pixels of <paramref name="gray"/>, and the measurements. If no glyph was found, the crop is
    /// the whole image and the measurements are null.
    /// </returns>
    public static (GlyphCrop Crop, int Extent, GlyphCandidate? Found) Find(GrayImage gray)
    {
        var edge = Math.Max(gray.Width, gray.Height);
        var factor = edge < MinWorkingEdge ? (MinWorkingEdge + edge - 1) / edge : 1;
        var working = factor > 1 ? GrayFilters.Enlarge(gray, factor) : gray;
        var noise = GrayFilters.Noise(gray);
        var smooth = GrayFilters.Smooth(working, Passes(noise, factor));
        return GlyphSearch.Find(smooth) is { } glyph
            ? (GlyphCrop.Of(smooth, glyph), Math.Max(1, glyph.Extent / factor), glyph)
            : (GlyphCrop.Whole(smooth), edge, null);
    }

    /// <summary>
    /// Number of smoothing passes. It grows with the noise, and for strong noise with the enlargement, which widens the noise.
    /// </summary>
    private static int Passes(double noise, int factor) => noise switch
    {
        < 3 => 1,
        < 8 => 2,
        < 16 => 4,
        < 28 => 6 * factor,
        _ => 10 * factor,
    };
}
