using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;
using Multimodal.Inference.Vision.Formats;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Reads what the header of an image says, without decoding pixels.</summary>
public static class ImageInspector
{
    /// <summary>Names the type by its bytes and checks size and dimensions against the limits.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="info">Type and dimensions of the first frame, upright (after EXIF orientation), on true.</param>
    /// <param name="failure">Why it is refused, on false.</param>
    public static bool TryInspect(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        info = null;
        if (bytes.IsEmpty)
        {
            failure = new MediaFailure(MediaFailureCode.Empty, "The image has no bytes.");
            return false;
        }

        if (bytes.Length > limits.ImageBytes)
        {
            failure = new MediaFailure(
                MediaFailureCode.TooLarge, string.Create(CultureInfo.InvariantCulture, $"The image has more than {limits.ImageBytes} bytes."));
            return false;
        }

        var decoder = ImageBackends.For(limits);
        if (ImageType.Sniff(bytes) is not { } type)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType, $"The bytes are not an image of a known type; this server reads {Taken(decoder)}.");
            return false;
        }

        if (!decoder.Takes(type))
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The image is a {type.Name} file; this server reads {Taken(decoder)}. Convert it to PNG or JPEG.");
            return false;
        }

        if (decoder.ReadHeader(bytes, type) is not { } header)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, $"The header of the {type.MediaType} is broken.");
            return false;
        }

        if (header.Unsupported is { } kind)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The image is a {type.Name} file {kind}, which this server does not read. Convert it to PNG or to JPEG in sRGB.");
            return false;
        }

        if ((long)header.Width * header.Height > limits.ImagePixels)
        {
            failure = new MediaFailure(
                MediaFailureCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The image has more than {limits.ImagePixels} pixels."));
            return false;
        }

        info = new MediaInfo
        {
            Modality = Modality.Image,
            MediaType = type.MediaType,
            Length = bytes.Length,
            Width = header.Width,
            Height = header.Height,
        };
        failure = null;
        return true;
    }

    /// <summary>The types that a decoder takes, as a list to read.</summary>
    private static string Taken(IImageBackend decoder)
    {
        string[] names = [.. ImageType.All.Where(decoder.Takes).Select(type => type.Name)];
        return $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
