using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Bench.Parity;

/// <summary>A way to decode one medium.</summary>
/// <param name="Name">Name in the configuration.</param>
/// <param name="Modality">The medium.</param>
/// <param name="Media">Settings that select the path.</param>
internal sealed record DecoderPath(string Name, Modality Modality, MediaOptions Media)
{
    public static DecoderPath LibVips { get; } = new("libvips", Modality.Image, new MediaOptions { ImageDecoder = ImageDecoderKind.Libvips });

    public static DecoderPath ImageSharp { get; } = new("imagesharp", Modality.Image, new MediaOptions { ImageDecoder = ImageDecoderKind.ImageSharp });

    public static DecoderPath NativeSound { get; } = new("native", Modality.Audio, Libraries(AudioDecoderKind.Native));

    public static DecoderPath ManagedSound { get; } = new("managed", Modality.Audio, Libraries(AudioDecoderKind.Managed));

    // Without ffmpeg, which would decode what a library does not.
    private static MediaOptions Libraries(AudioDecoderKind kind) => new() { AudioDecoder = kind, Ffmpeg = MediaOptions.NoFfmpeg };

    /// <summary>Finds a path by its name.</summary>
    public static DecoderPath Named(string name) =>
        new[] { LibVips, ImageSharp, NativeSound, ManagedSound }.Single(path => path.Name == name);
}
