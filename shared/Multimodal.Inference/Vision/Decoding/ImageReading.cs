using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Inspects and decodes the image of a part once for all that need it.</summary>
internal static class ImageReading
{
    /// <summary>
    /// Longest edge of the image in which the glyph is searched and from which the gate's features are computed. A glyph of a twentieth of the edge has
    /// 25 pixels.
    /// </summary>
    public const int WorkingEdge = 512;

    /// <summary>Inspects the file and checks the limits.</summary>
    /// <returns>False if the file is refused.</returns>
    public static bool TryInspect(
        MediaContent media, MediaOptions limits, [NotNullWhen(true)] out MediaInfo? info, [NotNullWhen(false)] out MediaFailure? failure)
    {
        var result = media.Get(new InspectionKey(limits), () =>
        {
            _ = ImageInspector.TryInspect(media.Bytes.Span, limits, out var info, out var failure);
            return new Inspection(info, failure);
        });
        (info, failure) = (result.Info, result.Failure);
        return info is not null;
    }

    /// <summary>Decodes the image, unless it shows nothing.</summary>
    /// <param name="media">The part.</param>
    /// <param name="maxEdge">Longest edge of the result in pixels, 1 to 16,384. Smaller images keep their size.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="decoded">The file and its pixels, if the result is true.</param>
    /// <param name="failure">The reason why the file is refused, if the result is false.</param>
    /// <returns>False if the file is refused.</returns>
    public static bool TryDecode(
        MediaContent media,
        int maxEdge,
        MediaOptions limits,
        [NotNullWhen(true)] out DecodedImage? decoded,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        decoded = null;
        if (!TryInspect(media, limits, out var info, out failure))
        {
            return false;
        }

        // An image that is not reduced is the same for every larger edge.
        var edge = Math.Min(maxEdge, Math.Max(info.Width!.Value, info.Height!.Value));
        (decoded, failure) = media.Get(new DecodingKey(edge, limits), () => Decode(media, edge, limits, info));
        return decoded is not null;
    }

    private static Decoding Decode(MediaContent media, int edge, MediaOptions limits, MediaInfo info) => ImageDecoder.Decode(media.Bytes.Span, edge, default, limits) switch
    {
        null => new Decoding(null, ImageDecoder.Damaged(info)),
        var image when BlankImage.IsBlank(image) => new Decoding(null, ImageDecoder.Blank(info)),
        var image => new Decoding(new DecodedImage(info, image), null),
    };

    private sealed record InspectionKey(MediaOptions Limits);

    private sealed record DecodingKey(int Edge, MediaOptions Limits);

    private sealed record Inspection(MediaInfo? Info, MediaFailure? Failure);

    private sealed record Decoding(DecodedImage? Image, MediaFailure? Failure);
}
