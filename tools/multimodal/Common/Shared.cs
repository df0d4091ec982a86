using System.CommandLine;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Tool.Common;

/// <summary>What several commands say in the same way.</summary>
internal static class Shared
{
    public static Option<DirectoryInfo> EnsembleOption() => new("--ensemble")
    {
        Description = "Folder with ensemble.json.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits")),
    };

    public static Option<ImageDecoderKind> ImageDecoderOption() => new("--image-decoder")
    {
        Description = "What decodes images: libvips or imagesharp.",
        DefaultValueFactory = _ => ImageDecoderKind.Libvips,
    };

    public static Option<AudioDecoderKind> AudioDecoderOption() => new("--audio-decoder")
    {
        Description = "What decodes sound: auto, native or managed.",
        DefaultValueFactory = _ => AudioDecoderKind.Auto,
    };

    public static Option<int> SeedOption() => new("--seed")
    {
        Description = "Seed of every random choice.",
        DefaultValueFactory = _ => 1,
    };

    public static string Name(Modality modality) => modality.ToString().ToLowerInvariant();
}
