using System.CommandLine;
using Multimodal.Contracts.Values;

namespace Multimodal.Tool.Commands;

/// <summary>What several commands say in the same way.</summary>
internal static class Shared
{
    public static Option<DirectoryInfo> EnsembleOption() => new("--ensemble")
    {
        Description = "Folder with ensemble.json.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits")),
    };

    public static Option<int> SeedOption() => new("--seed")
    {
        Description = "Seed of every random choice.",
        DefaultValueFactory = _ => 1,
    };

    public static string Name(Modality modality) => modality.ToString().ToLowerInvariant();
}
