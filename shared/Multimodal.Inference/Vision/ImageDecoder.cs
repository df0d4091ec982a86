using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Vision;

/// <summary>
/// Decodes an image no larger than asked: upright, first frame, alpha on white, any colour space and depth to 8-bit sRGB.
/// JPEG and WebP shrink while they load, so a phone photo costs little.
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
        MediaLimits limits,
        [NotNullWhen(true)] out RgbImage? image,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        image = null;
        if (!ImageInspector.TryInspect(bytes, limits, out MediaInfo? info, out failure))
        {
            return false;
        }

        image = Decode(bytes, maxEdge, default);
        failure = image is null ? Damaged(info) : null;
        return image is not null;
    }

    /// <summary>Decodes to luma; otherwise as <see cref="TryDecode"/>.</summary>
    public static bool TryDecodeGray(
        ReadOnlySpan<byte> bytes,
        int maxEdge,
        MediaLimits limits,
        [NotNullWhen(true)] out GrayImage? image,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        bool isDecoded = TryDecode(bytes, maxEdge, limits, out RgbImage? colour, out failure);
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
    /// <returns>Null when the file is broken.</returns>
    internal static unsafe RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RegionFraction part)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEdge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEdge, LargestEdge);
        VipsNative.EnsureInitialised();
        string edge = Text(maxEdge);
        fixed (byte* data = bytes)
        {
            // The operation's own fail-on property does not reach the loader; the loader's options do.
            using VipsImage thumbnail = VipsImage.FromBuffer(
                "thumbnail_buffer", data, bytes.Length,
                ("width", edge), ("height", edge), ("size", "down"), ("option-string", "[fail_on=error]"));
            if (!thumbnail.IsValid)
            {
                return null;
            }

            using VipsImage srgb = thumbnail.Apply("colourspace", ("space", "srgb"));
            using VipsImage opaque = srgb.IsValid && srgb.HasAlpha ? srgb.Apply("flatten", ("background", "255")) : srgb.Apply("copy");
            using VipsImage bytesOnly = opaque.Apply("cast", ("format", "uchar"));
            if (!bytesOnly.IsValid)
            {
                return null;
            }

            int x = 0, y = 0, width = bytesOnly.Width, height = bytesOnly.Height;
            if (part != default)
            {
                (x, y, width, height) = part.ToPixels(width, height);
            }

            using VipsImage region = bytesOnly.Apply(
                "extract_area", ("left", Text(x)), ("top", Text(y)), ("width", Text(width)), ("height", Text(height)));
            using VipsImage colour = region.Apply("extract_band", ("band", "0"), ("n", "3"));
            return colour.IsValid && colour.ToBytes() is { } pixels ? new RgbImage(width, height, pixels) : null;
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
