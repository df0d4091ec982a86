using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio;

/// <summary>A decoded recording and the part of it that contains the sound, found once for all that need it.</summary>
/// <param name="Samples">Mono samples, at least one.</param>
/// <param name="Clean">The samples without DC offset and rumble.</param>
/// <param name="Loudness">The power of its frames in decibels.</param>
/// <param name="Segment">The active segment.</param>
internal sealed record ActiveAudio(ReadOnlyMemory<float> Samples, double[] Clean, double[] Loudness, ActiveSegment Segment)
{
    /// <summary>Analyzes the samples of a part, which keeps the result.</summary>
    public static ActiveAudio Of(MediaContent media, ReadOnlyMemory<float> samples, int rate) => media.Get(new Key(rate), () => Of(samples, rate));

    /// <summary>Analyzes samples.</summary>
    public static ActiveAudio Of(ReadOnlyMemory<float> samples, int rate)
    {
        var clean = ActiveSegment.BlockDc(samples.Span, rate);
        var loudness = ActiveSegment.Loudness(clean, rate);
        return new ActiveAudio(samples, clean, loudness, ActiveSegment.Find(clean, loudness, rate));
    }

    private sealed record Key(int Rate);
}
