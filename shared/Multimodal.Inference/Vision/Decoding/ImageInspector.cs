using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;
using Multimodal.Inference.Vision.Formats;
using static System.FormattableString;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Determines type and dimensions of an image file without decoding its pixels.</summary>
public static class ImageInspector
{
    /// <summary>Inspects a file and checks the limits.</summary>
    /// <param name="bytes">The whole file as the client sent it.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="info">Type and upright dimensions of the first frame (after EXIF orientation), if the result is true.</param>
    /// <param name="failure">The reason why the file is refused, if the result is false.</param>
    /// <returns>False if the file is refused.</returns>
    /// <exception cref="DllNotFoundException">libvips is configured and does not load.</exception>
    public static bool TryInspect(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        info = null;
        failure = CheckSize(bytes, limits);
        if (failure is not null)
        {
            return false;
        }

        var backend = ImageBackends.For(limits);
        if (ImageType.Sniff(bytes) is not { } type)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The bytes are not an image of a known type; this server reads {SupportedTypes(backend)}.");
            return false;
        }

        if (!backend.Supports(type))
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The image is a {type.Name} file; this server reads {SupportedTypes(backend)}. Convert it to PNG or JPEG.");
            return false;
        }

        var header = backend.ReadHeader(bytes, type);
        failure = CheckHeader(header, type, limits);
        if (failure is not null)
        {
            return false;
        }

        info = new MediaInfo
        {
            Modality = Modality.Image,
            MediaType = type.MediaType,
            Length = bytes.Length,
            Width = header!.Value.Width,
            Height = header.Value.Height,
        };
        return true;
    }

    private static MediaFailure? CheckSize(ReadOnlySpan<byte> bytes, MediaOptions limits) =>
        bytes.IsEmpty ? new MediaFailure(MediaFailureCode.Empty, "The image file has no bytes.")
        : bytes.Length > limits.ImageBytes ? new MediaFailure(
            MediaFailureCode.TooLarge,
            Invariant($"The image file has {bytes.Length:N0} bytes; the limit is {limits.ImageBytes:N0} bytes."))
        : null;

    private static MediaFailure? CheckHeader(ImageHeader? header, ImageType type, MediaOptions limits) => header switch
    {
        null => new MediaFailure(MediaFailureCode.Undecodable, $"The header of the {type.Name} file is damaged. Send the original file."),
        { Unsupported: { } property } => new MediaFailure(
            MediaFailureCode.UnsupportedType,
            $"The image is a {type.Name} file {property}, which this server does not read. Convert it to PNG or to JPEG in sRGB."),
        { } size when (long)size.Width * size.Height > limits.ImagePixels => new MediaFailure(
            MediaFailureCode.TooLarge,
            Invariant($"The image has {size.Width} x {size.Height} pixels; the limit is {limits.ImagePixels} pixels.")),
        _ => null,
    };

    private static string SupportedTypes(IImageBackend backend)
    {
        string[] names = [.. ImageType.All.Where(backend.Supports).Select(type => type.Name)];
        return $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
