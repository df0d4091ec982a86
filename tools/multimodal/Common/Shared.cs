using System.CommandLine;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Tool.Common;

/// <summary>Options and names that several commands share.</summary>
internal static class Shared
{
    public static Option<DirectoryInfo> EnsembleOption() => new("--ensemble")
    {
        Description = "Folder with ensemble.json.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits")),
    };

    public static Option<ImageDecoderKind> ImageDecoderOption() => new("--image-decoder")
    {
        Description = "Image decoder: libvips or imagesharp.",
        DefaultValueFactory = _ => ImageDecoderKind.Libvips,
    };

    public static Option<AudioDecoderKind> AudioDecoderOption() => new("--audio-decoder")
    {
        Description = "Audio decoder: auto, native or managed.",
        DefaultValueFactory = _ => AudioDecoderKind.Auto,
    };

    public static Option<int> SeedOption() => new("--seed")
    {
        Description = "Seed for all random choices.",
        DefaultValueFactory = _ => 1,
    };

    public static string Name(Modality modality) => modality.ToString().ToLowerInvariant();
}
