using System.Collections.Concurrent;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Backends;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>Chooses the library that decodes images.</summary>
internal static class ImageBackends
{
    private static readonly VipsBackend Vips = new();

    // A process has one pixel limit; tests have several.
    private static readonly ConcurrentDictionary<long, ImageSharpBackend> ImageSharp = new();

    /// <summary>The configured library, under the configured pixel limit.</summary>
    public static IImageBackend For(MediaOptions limits) => limits.ImageDecoder switch
    {
        ImageDecoderKind.Libvips => Vips,
        ImageDecoderKind.ImageSharp => ImageSharp.GetOrAdd(limits.ImagePixels, static pixels => new ImageSharpBackend(pixels)),
        _ => throw new ArgumentOutOfRangeException(nameof(limits), limits.ImageDecoder, "This is a bug: an unknown image decoder."),
    };
}
