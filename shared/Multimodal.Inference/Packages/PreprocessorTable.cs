using System.Collections.Frozen;
using Multimodal.Inference.Audio.Preprocessing;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Preprocessing;
using Multimodal.Inference.Vision.Preprocessing;

namespace Multimodal.Inference.Packages;

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
