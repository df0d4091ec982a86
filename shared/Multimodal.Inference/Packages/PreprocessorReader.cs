using System.Text.Json;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Packages;

/// <summary>Makes the preprocessor that a <c>preprocessing</c> object asks for.</summary>
public static class PreprocessorReader
{
    /// <summary>Reads a file that holds just the object; files that it names lie beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The media limits in force.</param>
    /// <param name="problem">Called with (key within the object, what is wrong) for each mistake.</param>
    /// <returns>Null after a problem.</returns>
    public static IPreprocessor? ReadFile(string path, MediaOptions limits, Action<string, string> problem) =>
        JsonObjectReader.OpenElement(path, problem) is { } options
            ? Read(new PreprocessorContext(options, Path.GetDirectoryName(Path.GetFullPath(path))!, limits), PreprocessorTable.ByKind, problem)
            : null;

    /// <summary>Looks up the kind and hands it the object.</summary>
    /// <param name="context">The object, and what else a kind may need.</param>
    /// <param name="kinds">Kind to factory.</param>
    /// <param name="problem">Called with (key within the object, what is wrong) for each mistake.</param>
    /// <returns>Null after a problem.</returns>
    internal static IPreprocessor? Read(
        PreprocessorContext context, IReadOnlyDictionary<string, PreprocessorFactory> kinds, Action<string, string> problem)
    {
        if (!context.Options.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            problem("kind", "is missing; it must be a string.");
            return null;
        }

        if (kinds.TryGetValue(kind.GetString()!, out var factory))
        {
            return factory(context, problem);
        }

        problem("kind", $"is '{kind.GetString()}'; it must be one of: {string.Join(", ", kinds.Keys.Order(StringComparer.Ordinal))}.");
        return null;
    }
}
