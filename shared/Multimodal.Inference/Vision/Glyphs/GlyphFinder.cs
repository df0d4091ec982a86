using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Finds the one glyph of a photo, at any size and noise.</summary>
internal static class GlyphFinder
{
    /// <summary>Smaller images are enlarged, so that filters of a few pixels mean the same everywhere.</summary>
    private const int SmallestWorkingEdge = 128;

    /// <summary>Finds the glyph in the working image.</summary>
    /// <returns>The crop, the longer side of its box in pixels of <paramref name="gray"/>, and what was measured, if anything was found.</returns>
    public static (GlyphCrop Crop, int Extent, GlyphCandidate? Found) Find(GrayImage gray)
    {
        var edge = Math.Max(gray.Width, gray.Height);
        var factor = edge < SmallestWorkingEdge ? (SmallestWorkingEdge + edge - 1) / edge : 1;
        var working = factor > 1 ? GrayFilters.Enlarge(gray, factor) : gray;
        var noise = GrayFilters.Noise(gray);
        var smooth = GrayFilters.Smooth(working, Passes(noise, factor));
        return GlyphSearch.Find(smooth) is { } glyph
            ? (GlyphCrop.Of(smooth, glyph), Math.Max(1, glyph.Extent / factor), glyph)
            : (GlyphCrop.Whole(smooth), edge, null);
    }

    /// <summary>Passes of the smoothing filter: more with more noise; heavy noise of an enlarged image is as much wider.</summary>
    private static int Passes(double noise, int factor) => noise switch
    {
        < 3 => 1,
        < 8 => 2,
        < 16 => 4,
        < 28 => 6 * factor,
        _ => 10 * factor,
    };
}
