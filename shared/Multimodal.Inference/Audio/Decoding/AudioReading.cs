using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Decodes the audio of a part once for all that need it at the same rate.</summary>
internal static class AudioReading
{
    /// <summary>Decodes the audio, unless it is silent. See <see cref="AudioDecoder.TryDecode"/>.</summary>
    /// <returns>False if the file is refused.</returns>
    public static bool TryDecode(
        MediaContent media, MediaOptions limits, int rate, out ReadOnlyMemory<float> samples, [NotNullWhen(false)] out MediaFailure? failure)
    {
        var result = media.Get(new Key(rate, limits), () =>
        {
            if (!AudioDecoder.TryDecode(media.Bytes.Span, limits, rate, out var samples, out var failure))
            {
                return new Decoding(default, failure);
            }

            return Silence.IsEmpty(samples.Span, rate) ? new Decoding(default, Silence.Failure) : new Decoding(samples, null);
        });
        (samples, failure) = (result.Samples, result.Failure);
        return failure is null;
    }

    private sealed record Key(int Rate, MediaOptions Limits);

    private sealed record Decoding(ReadOnlyMemory<float> Samples, MediaFailure? Failure);
}
