using System.Text.Json;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Packages;

/// <summary>Creates preprocessors from <c>preprocessing</c> objects.</summary>
public static class PreprocessorReader
{
    /// <summary>Reads a file that contains one <c>preprocessing</c> object. Files that it names are in the same folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="problem">Called with (key in the object, what is wrong) for each error.</param>
    /// <returns>The preprocessor, or null if an error was reported.</returns>
    public static IPreprocessor? ReadFile(string path, MediaOptions limits, Action<string, string> problem)
    {
        if (JsonObjectReader.OpenElement(path, problem) is not { } options)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Read(new PreprocessorContext(options, folder, limits), PreprocessorTable.ByKind, problem);
    }

    /// <summary>Creates the preprocessor of the object's kind.</summary>
    /// <param name="context">The object, its folder and the media limits.</param>
    /// <param name="kinds">The factory of each kind.</param>
    /// <param name="problem">Called with (key in the object, what is wrong) for each error.</param>
    /// <returns>The preprocessor, or null if an error was reported.</returns>
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
