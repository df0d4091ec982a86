using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;
using Multimodal.Inference.Vision.Formats;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>
/// Decodes an image to 8-bit sRGB or gray, and reduces it to a given size. Of several frames or pages it decodes the first that is not
/// blank. The result is upright. Transparent pixels are white, or black if the content would vanish on white (decision 0117).
/// <see cref="MediaOptions.ImageDecoder"/> selects the library.
/// </summary>
public static class ImageDecoder
{
    private const int MaxEdgeLimit = 16_384;

    private static readonly string Searched =
        FormattableString.Invariant($" Of several frames or pages, at most {FrameSearch.MaxFrames} are searched.");

    /// <summary>Decodes to sRGB.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="maxEdge">Longest edge of the result in pixels, 1 to 16,384; that of a JPEG photo can be an eighth less. Smaller images keep their size.</param>
    /// <param name="limits">The media limits, checked on the header first.</param>
    /// <param name="image">The image, if the result is true.</param>
    /// <param name="failure">The reason why the file is refused, if the result is false.</param>
    /// <returns>False if the file is refused.</returns>
    /// <exception cref="DllNotFoundException">libvips is configured and does not load.</exception>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        int maxEdge,
        MediaOptions limits,
        [NotNullWhen(true)] out RgbImage? image,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        image = null;
        if (!ImageInspector.TryInspect(bytes, limits, out var info, out failure))
        {
            return false;
        }

        image = Decode(bytes, maxEdge, default, limits);
        failure = image is null ? Damaged(info) : null;
        return image is not null;
    }

    /// <summary>Same as <see cref="TryDecode"/>, but decodes to luma.</summary>
    public static bool TryDecodeGray(
        ReadOnlySpan<byte> bytes,
        int maxEdge,
        MediaOptions limits,
        [NotNullWhen(true)] out GrayImage? image,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        var isDecoded = TryDecode(bytes, maxEdge, limits, out var colour, out failure);
        image = colour?.ToGray();
        return isDecoded;
    }

    /// <summary>Creates the failure for a file with a valid header whose pixels cannot be decoded.</summary>
    internal static MediaFailure Damaged(MediaInfo info) => new(
        MediaFailureCode.Undecodable, $"The {NameOf(info)} file is damaged or truncated. Send the complete file.");

    /// <summary>Creates the failure for an image that shows nothing (<see cref="BlankImage"/>).</summary>
    internal static MediaFailure Blank(MediaInfo info)
    {
        var hasFrames = ImageType.All.First(type => type.MediaType == info.MediaType).HasFrames;
        return new MediaFailure(
            MediaFailureCode.Empty,
            "The image shows nothing: all of its pixels have one colour. Send an image with content."
            + (hasFrames ? Searched : ""));
    }

    private static string NameOf(MediaInfo info) => ImageType.All.First(type => type.MediaType == info.MediaType).Name;

    /// <summary>Decodes an image, or a part of it, that has been inspected already.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="maxEdge">Longest edge of the whole image after reduction, in pixels, 1 to 16,384.</param>
    /// <param name="part">The part to return; default for the whole image.</param>
    /// <param name="limits">Selects the backend.</param>
    /// <returns>The pixels, or null if the file is damaged or truncated.</returns>
    internal static RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part, MediaOptions limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEdge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEdge, MaxEdgeLimit);
        return ImageFile.TryOpen(bytes, out var file) ? ImageBackends.For(file.Type, limits)?.Decode(file.Bytes, maxEdge, part) : null;
    }
}
