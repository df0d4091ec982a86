using System.Diagnostics.CodeAnalysis;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Features;

/// <summary>What the gate sees of a sound: a few numbers of about unit size, all finite, at the cost of a few milliseconds.</summary>
public static class AudioFeatures
{
    private const int Rate = 8000;
    private const int FrameSize = 256;

    // Enough to describe a clip; a longer one is looked at in as many places, evenly spread.
    private const int MaxFrames = 200;

    private static readonly double[] BandEdges = [60, 300, 600, 1000, 1500, 2200, 3000, 4000];

    /// <summary>Name of each value, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "audio.log-duration", "audio.active-duration", "audio.active-share", "audio.level", "audio.peak", "audio.clipping", "audio.snr",
        "audio.modulation", "audio.zero-crossings", "audio.flatness", "audio.centroid", "audio.rolloff", "audio.flux", "audio.tonality",
        "audio.band-60", "audio.band-300", "audio.band-600", "audio.band-1000", "audio.band-1500", "audio.band-2200", "audio.band-3000",
        "audio.key-row", "audio.key-column", "audio.key-pair",
    ];

    /// <summary>Decodes a sound and describes it.</summary>
    /// <param name="media">The file.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="values">Exactly as many as <see cref="Names"/>; all are written on true.</param>
    /// <param name="failure">Why the sound cannot be used, on false.</param>
    public static bool TryCompute(
        ReadOnlySpan<byte> media, MediaOptions limits, Span<float> values, [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Names.Count);
        if (!AudioDecoder.TryDecode(media, limits, Rate, out var samples, out failure))
        {
            return false;
        }

        Compute(samples.Span, values);
        return true;
    }

    /// <summary>The features of mono samples at 8 kHz, at least one.</summary>
    internal static void Compute(ReadOnlySpan<float> samples, Span<float> values)
    {
        var clean = ActiveSegment.BlockDc(samples, Rate);
        var loudness = ActiveSegment.Loudness(clean, Rate);
        var segment = ActiveSegment.Find(clean, loudness, Rate);
        var active = clean.AsSpan(segment.Start..segment.End);
        var shape = SpectralShape.Of(active, Rate, FrameSize, MaxFrames);
        var (row, column) = DtmfTones.Shares(active, Rate);

        var next = 0;
        Put(values, Math.Log(1 + ((double)samples.Length / Rate)) / 2);
        Put(values, Math.Log(1 + ((double)segment.Length / Rate)));
        Put(values, (double)segment.Length / clean.Length);
        PutLevels(values, active, samples[segment.Start..segment.End]);
        PutLoudness(values, loudness, segment);
        Put(values, ZeroCrossings(active));
        Put(values, shape.Flatness);
        Put(values, shape.Centroid / 2000);
        Put(values, shape.Rolloff / 4000);
        Put(values, shape.Flux);
        Put(values, shape.Tonality);
        for (var band = 0; band + 1 < BandEdges.Length; band++)
        {
            // The root spreads the small shares out.
            Put(values, Math.Sqrt(shape.Share(BandEdges[band], BandEdges[band + 1])));
        }

        Put(values, row);
        Put(values, column);
        Put(values, 2 * Math.Min(row, column));

        void Put(Span<float> target, double value) => target[next++] = (float)Math.Clamp(value, -4, 4);

        void PutLevels(Span<float> target, ReadOnlySpan<double> part, ReadOnlySpan<float> raw)
        {
            var (power, peak) = (0.0, 0f);
            foreach (var sample in part)
            {
                power += sample * sample / part.Length;
            }

            // The DC blocker tilts flat tops, so those are looked for in what came before it.
            foreach (var sample in raw)
            {
                peak = Math.Max(peak, Math.Abs(sample));
            }

            var clipped = 0;
            foreach (var sample in raw)
            {
                clipped += Math.Abs(sample) > 0.95 * peak ? 1 : 0;
            }

            Put(target, ((10 * Math.Log10(power + 1e-9)) + 30) / 30);
            Put(target, ((20 * Math.Log10(peak + 1e-5)) + 20) / 20);
            Put(target, Math.Sqrt((double)clipped / part.Length));
        }

        void PutLoudness(Span<float> target, ReadOnlySpan<double> level, ActiveSegment part)
        {
            double[] sorted = [.. level];
            Array.Sort(sorted);
            Put(target, (sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.1 * (sorted.Length - 1))]) / 30);
            var hop = ActiveSegment.Hop(Rate);
            var inside = level[(part.Start / hop)..Math.Min((part.End / hop) + 1, level.Length)];
            var (sum, squares) = (0.0, 0.0);
            foreach (var value in inside)
            {
                (sum, squares) = (sum + value, squares + (value * value));
            }

            var mean = sum / inside.Length;
            Put(target, Math.Sqrt(Math.Max(0, (squares / inside.Length) - (mean * mean))) / 10);
        }
    }

    /// <summary>Changes of sign per sample, times two: white noise gives 1.</summary>
    private static double ZeroCrossings(ReadOnlySpan<double> samples)
    {
        var crossings = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            crossings += samples[i] < 0 != samples[i - 1] < 0 ? 1 : 0;
        }

        return 2.0 * crossings / samples.Length;
    }
}
