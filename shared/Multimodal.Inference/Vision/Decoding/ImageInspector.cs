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
    /// <summary>Number of bytes that are searched for the start of an image.</summary>
    private const int MaxPrefix = 1024;

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

        if (!ImageFile.TryOpen(bytes, out var file))
        {
            failure = new MediaFailure(MediaFailureCode.UnsupportedType, Unknown(bytes, SupportedTypes(limits)));
            return false;
        }

        var type = file.Type;
        if (ImageBackends.For(type, limits) is not { } backend)
        {
            failure = new MediaFailure(
                MediaFailureCode.UnsupportedType,
                $"The image is a {type.Name} file; this server reads {SupportedTypes(limits)}. Convert it to PNG or JPEG.");
            return false;
        }

        var header = backend.ReadHeader(file.Bytes, type, limits.ImagePixels);
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
            $"The image is a {type.Name} file {property}, which this server does not read. Convert it to PNG with 8 bits or to JPEG."),
        { } size when Math.Max(size.Width, size.Height) > limits.ImageEdge => new MediaFailure(
            MediaFailureCode.TooLarge,
            Invariant($"The image has {size.Width} x {size.Height} pixels; the limit of each side is {limits.ImageEdge} pixels. Send a smaller part of it.")),
        { } size when (long)size.Width * size.Height > limits.ImagePixels => new MediaFailure(
            MediaFailureCode.TooLarge,
            Invariant($"The image has {size.Width} x {size.Height} pixels; the limit is {limits.ImagePixels} pixels.")),
        _ => null,
    };

    /// <summary>Describes a file of an unknown type: by its format, or by the image inside it, if there is one.</summary>
    private static string Unknown(ReadOnlySpan<byte> bytes, string supported)
    {
        if ((ForeignFormat.Recognize(bytes) ?? ForeignFormat.Recognize(ImageFile.SkipSpace(bytes))) is var (name, advice))
        {
            return $"The file is {name}; this server reads {supported}. {advice}";
        }

        for (var offset = 1; offset < Math.Min(bytes.Length, MaxPrefix); offset++)
        {
            if (ImageType.Sniff(bytes[offset..]) is { } type)
            {
                return Invariant($"A {type.Name} file starts after {offset} other bytes. Remove these bytes and send the image alone.");
            }
        }

        return $"The bytes are not an image of a known type; this server reads {supported}. Send the bytes of an image file.";
    }

    private static string SupportedTypes(MediaOptions limits)
    {
        string[] names = [.. ImageType.All.Where(type => ImageBackends.For(type, limits) is not null).Select(type => type.Name)];
        return $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
