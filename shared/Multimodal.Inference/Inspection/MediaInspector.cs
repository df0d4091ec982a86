using System.Diagnostics.CodeAnalysis;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text.Decoding;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Inference.Inspection;

/// <summary>Determines the type and size of a part from its first bytes and header, and checks the limits.</summary>
public static class MediaInspector
{
    /// <summary>Same as the other overload, and keeps the result with the part.</summary>
    public static bool TryInspect(
        Modality modality,
        MediaContent media,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(media);
        return modality == Modality.Image
            ? ImageReading.TryInspect(media, limits, out info, out failure)
            : TryInspect(modality, media.Bytes.Span, limits, out info, out failure);
    }

    /// <summary>Inspects a part without decoding it. Time and memory are bounded for any input.</summary>
    /// <param name="modality">The modality that the client states.</param>
    /// <param name="bytes">The part.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="info">What the header states, if the result is true.</param>
    /// <param name="failure">The reason why the part is refused, if the result is false.</param>
    /// <returns>False if the part is refused.</returns>
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
            _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "Unknown modality. This is a bug."),
        };
}
