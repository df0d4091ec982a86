using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text.Decoding;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Inference.Inspection;

/// <summary>Looks at the first bytes and the header of a part: its real type, its size, and whether the limits allow it.</summary>
public static class MediaInspector
{
    /// <summary>Inspects a part without decoding it; bounded time and memory whatever the bytes are.</summary>
    /// <param name="modality">What the sender says it is.</param>
    /// <param name="bytes">The part.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="info">What the header says, on true.</param>
    /// <param name="failure">Why the part is refused, on false.</param>
    public static bool TryInspect(
        Modality modality,
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure) => modality switch
        {
            Modality.Text => TextInspector.TryInspect(bytes, limits, out info, out failure),
            Modality.Image => ImageInspector.TryInspect(bytes, limits, out info, out failure),
            Modality.Audio => AudioInspector.TryInspect(bytes, limits, out info, out failure),
            _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "This is a bug: an unknown modality."),
        };
}
