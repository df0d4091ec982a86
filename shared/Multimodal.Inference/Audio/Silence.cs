using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio;

/// <summary>
/// Recognizes recordings without sound: digital silence, its noise of rounding or dither, and a constant offset. The noise of a room or a
/// microphone is louder and counts as sound.
/// </summary>
internal static class Silence
{
    /// <summary>
    /// Half the distance between the lowest and the highest sample that counts as silence: -80 decibels of full scale, three steps of
    /// 16-bit samples. The preprocessor <c>waveform</c> amplifies by at most 60 decibels, so quieter speech would not reach its level.
    /// </summary>
    public const float MaxAmplitude = 1e-4f;

    // A resampler rings where a constant offset starts and ends.
    private const double EdgeSeconds = 0.01;

    /// <summary>The failure with which experts and the gate decline a recording without sound.</summary>
    public static MediaFailure Failure { get; } = new(
        MediaFailureCode.Empty,
        "The recording is silent: nothing in it is louder than -80 decibels of full scale. Send one with sound.");

    /// <summary>Whether decoded samples hold no sound.</summary>
    /// <param name="samples">The samples; full scale is [-1, 1].</param>
    /// <param name="rate">Their sample rate, in hertz.</param>
    public static bool IsEmpty(ReadOnlySpan<float> samples, int rate)
    {
        var edge = (int)(EdgeSeconds * rate);
        if (samples.Length > 10 * edge)
        {
            samples = samples[edge..^edge];
        }

        var (low, high) = (float.MaxValue, float.MinValue);
        foreach (var sample in samples)
        {
            (low, high) = (Math.Min(low, sample), Math.Max(high, sample));
        }

        return samples.IsEmpty || high - low <= 2 * MaxAmplitude;
    }
}
