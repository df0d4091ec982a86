using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>The glyph of an image, found once for all that need it.</summary>
/// <param name="Projection">The projection of the colours in which the glyph was searched.</param>
/// <param name="Gray">The projected image.</param>
/// <param name="Crop">The position of the glyph; the whole image if none was found.</param>
/// <param name="Extent">The longer side of its box in pixels of <paramref name="Gray"/>.</param>
/// <param name="Found">The measurements; null if no glyph was found.</param>
internal sealed record GlyphView(ColourProjection Projection, GrayImage Gray, GlyphCrop Crop, int Extent, GlyphCandidate? Found)
{
    /// <summary>Finds the glyph.</summary>
    /// <param name="media">The part that the image was decoded from, which keeps the result.</param>
    /// <param name="image">The decoded image.</param>
    public static GlyphView Of(MediaContent media, RgbImage image) => media.Get(new Key(image), () =>
    {
        var projection = ColourProjection.Of(image);
        var gray = projection.Apply(image);
        var (crop, extent, found) = GlyphFinder.Find(gray);
        return new GlyphView(projection, gray, crop, extent, found);
    });

    private sealed record Key(RgbImage Image);
}
