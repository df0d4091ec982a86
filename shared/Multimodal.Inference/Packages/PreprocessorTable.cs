using System.Collections.Frozen;
using Multimodal.Inference.Audio.Preprocessing;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Preprocessing;
using Multimodal.Inference.Vision.Preprocessing;

namespace Multimodal.Inference.Packages;

/// <summary>The kinds of preprocessing. To add one, write its class and add a line here.</summary>
public static class PreprocessorTable
{
    /// <summary>The factory of each kind.</summary>
    public static FrozenDictionary<string, PreprocessorFactory> ByKind { get; } = new Dictionary<string, PreprocessorFactory>
    {
        ["characters"] = CharactersPreprocessor.Create,
        ["tokenizer"] = TokenizerPreprocessor.Create,
        ["waveform"] = WaveformPreprocessor.Create,
        ["glyph"] = GlyphPreprocessor.Create,
        ["resize"] = ResizePreprocessor.Create,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
