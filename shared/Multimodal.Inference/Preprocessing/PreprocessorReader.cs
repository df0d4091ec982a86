using System.Text.Json;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Preprocessing;

/// <summary>Makes the preprocessor that a <c>preprocessing</c> object asks for.</summary>
internal static class PreprocessorReader
{
    /// <summary>Looks up the kind and hands it the object.</summary>
    /// <param name="options">The object.</param>
    /// <param name="limits">The media limits in force.</param>
    /// <param name="kinds">Kind to factory.</param>
    /// <param name="problem">Called with (key within the object, what is wrong) for each mistake.</param>
    /// <returns>Null after a problem.</returns>
    public static IPreprocessor? Read(
        JsonElement options,
        MediaOptions limits,
        IReadOnlyDictionary<string, PreprocessorFactory> kinds,
        Action<string, string> problem)
    {
        if (!options.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            problem("kind", "is missing; it must be a string.");
            return null;
        }

        if (kinds.TryGetValue(kind.GetString()!, out var factory))
        {
            return factory(options, limits, problem);
        }

        problem("kind", $"is '{kind.GetString()}'; it must be one of: {string.Join(", ", kinds.Keys.Order(StringComparer.Ordinal))}.");
        return null;
    }
}
