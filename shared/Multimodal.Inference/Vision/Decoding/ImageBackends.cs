using System.Collections.Concurrent;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;
using Multimodal.Inference.Vision.Formats;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Selects the backend that decodes images.</summary>
internal static class ImageBackends
{
    private static readonly VipsBackend Vips = new();

    // A process has one pixel limit; tests have several.
    private static readonly ConcurrentDictionary<long, ImageSharpBackend> ImageSharp = new();

    /// <summary>
    /// Returns the backend for a type, with buffers for the configured pixel limit: the configured one, else ImageSharp, which reads BMP
    /// and is managed code.
    /// </summary>
    /// <returns>Null if no backend that may run supports the type.</returns>
    public static IImageBackend? For(ImageType type, MediaOptions limits)
    {
        var managed = ImageSharp.GetOrAdd(limits.ImagePixels, static pixels => new ImageSharpBackend(pixels));
        return limits.ImageDecoder switch
        {
            ImageDecoderKind.Libvips when Vips.Supports(type) => Vips,
            ImageDecoderKind.Libvips or ImageDecoderKind.ImageSharp => managed.Supports(type) ? managed : null,
            _ => throw new ArgumentOutOfRangeException(nameof(limits), limits.ImageDecoder, "Unknown image decoder. This is a bug."),
        };
    }
}
