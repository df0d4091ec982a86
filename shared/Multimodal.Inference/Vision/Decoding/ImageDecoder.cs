using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>
/// Decodes the first frame of an image to 8-bit sRGB or gray, and reduces it to a given size. The result is upright, with transparent
/// pixels on white. <see cref="MediaOptions.ImageDecoder"/> selects the library.
/// </summary>
public static class ImageDecoder
{
    private const int MaxEdgeLimit = 16_384;

    /// <summary>Decodes to sRGB.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="maxEdge">Longest edge of the result in pixels, 1 to 16,384. Smaller images keep their size.</param>
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
        MediaFailureCode.Undecodable, $"The {info.MediaType} file is damaged or truncated. Send the complete file.");

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
        return ImageBackends.For(limits).Decode(bytes, maxEdge, part);
    }
}
