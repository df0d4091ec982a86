using System.Collections.Concurrent;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Selects the backend that decodes images.</summary>
internal static class ImageBackends
{
    private static readonly VipsBackend Vips = new();

    // A process has one pixel limit; tests have several.
    private static readonly ConcurrentDictionary<long, ImageSharpBackend> ImageSharp = new();

    /// <summary>Returns the configured backend, with buffers for the configured pixel limit.</summary>
    public static IImageBackend For(MediaOptions limits) => limits.ImageDecoder switch
    {
        ImageDecoderKind.Libvips => Vips,
        ImageDecoderKind.ImageSharp => ImageSharp.GetOrAdd(limits.ImagePixels, static pixels => new ImageSharpBackend(pixels)),
        _ => throw new ArgumentOutOfRangeException(nameof(limits), limits.ImageDecoder, "Unknown image decoder. This is a bug."),
    };
}
