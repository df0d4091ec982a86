using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>
/// Decodes an image no larger than asked: upright, first frame, alpha on white, any colour space and depth to 8-bit sRGB.
/// <see cref="MediaOptions.ImageDecoder"/> says which library does it.
/// </summary>
public static class ImageDecoder
{
    private const int LargestEdge = 16_384;

    /// <summary>Decodes to sRGB.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="maxEdge">Neither edge of the result is longer, 1 to 16384; smaller images keep their size.</param>
    /// <param name="limits">What is allowed; checked on the header first.</param>
    /// <param name="image">The image, on true.</param>
    /// <param name="failure">Why there is none, on false.</param>
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

    /// <summary>Decodes to luma; otherwise as <see cref="TryDecode"/>.</summary>
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

    /// <summary>The refusal of a file whose header was sound and whose pixels are not.</summary>
    internal static MediaFailure Damaged(MediaInfo info) =>
        new(MediaFailureCode.Undecodable, $"The {info.MediaType} is damaged or cut off.");

    /// <summary>Decodes a part of an image that has been inspected already.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="maxEdge">Longest edge of the whole image after shrinking.</param>
    /// <param name="part">Where, as fractions of the whole: x, y, width, height; default for all of it.</param>
    /// <param name="limits">Which library decodes.</param>
    /// <returns>Null when the file is broken.</returns>
    internal static RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part, MediaOptions limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEdge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEdge, LargestEdge);
        return ImageBackends.For(limits).Decode(bytes, maxEdge, part);
    }
}
