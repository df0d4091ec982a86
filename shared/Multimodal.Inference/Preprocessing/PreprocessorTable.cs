using System.Collections.Frozen;
using Multimodal.Inference.Audio;
using Multimodal.Inference.Text;
using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Preprocessing;

/// <summary>Makes a preprocessor from the <c>preprocessing</c> object of an <c>expert.json</c>.</summary>
/// <param name="context">The object, and what else the kind may need.</param>
/// <param name="problem">Called with (key, what is wrong) for each mistake; all are reported, not just the first.</param>
/// <returns>The preprocessor, or null when a problem was reported.</returns>
public delegate IPreprocessor? PreprocessorFactory(PreprocessorContext context, Action<string, string> problem);

/// <summary>Every kind of preprocessing by name. Adding one: its class, and its line here.</summary>
public static class PreprocessorTable
{
    /// <summary>Kind to factory.</summary>
    public static FrozenDictionary<string, PreprocessorFactory> ByKind { get; } = new Dictionary<string, PreprocessorFactory>
    {
        ["characters"] = CharactersPreprocessor.Create,
        ["tokenizer"] = TokenizerPreprocessor.Create,
        ["waveform"] = WaveformPreprocessor.Create,
        ["glyph"] = GlyphPreprocessor.Create,
        ["resize"] = ResizePreprocessor.Create,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
