using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Features;

/// <summary>Cheap features of audio for the gate. All values are finite and in [-4, 4], most of them of unit scale.</summary>
public static class AudioFeatures
{
    private const int Rate = 8000;
    private const int FrameSize = 256;

    // Of longer audio, this many frames are analyzed, evenly spaced.
    private const int MaxFrames = 200;

    private static readonly double[] BandEdges = [60, 300, 600, 1000, 1500, 2200, 3000, 4000];

    /// <summary>The name of each feature, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "audio.log-duration", "audio.active-duration", "audio.active-share", "audio.level", "audio.peak", "audio.clipping", "audio.snr",
        "audio.modulation", "audio.zero-crossings", "audio.flatness", "audio.centroid", "audio.rolloff", "audio.flux", "audio.tonality",
        "audio.band-60", "audio.band-300", "audio.band-600", "audio.band-1000", "audio.band-1500", "audio.band-2200", "audio.band-3000",
        "audio.key-row", "audio.key-column", "audio.key-pair",
    ];

    /// <summary>Decodes a file and computes its features.</summary>
    /// <param name="media">The file as the client sent it.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="values">One element per name. All of them are written if the result is true.</param>
    /// <param name="failure">The reason why the audio is refused, if the result is false.</param>
    /// <returns>False if the audio is refused.</returns>
    public static bool TryCompute(
        MediaContent media, MediaOptions limits, Span<float> values, [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Names.Count);
        if (!AudioReading.TryDecode(media, limits, Rate, out var samples, out failure))
        {
            return false;
        }

        Compute(ActiveAudio.Of(media, samples, Rate), values);
        return true;
    }

    /// <summary>Computes the features of mono samples at 8 kHz.</summary>
    internal static void Compute(ActiveAudio audio, Span<float> values)
    {
        var (samples, clean, loudness, segment) = audio;
        var active = clean.AsSpan(segment.Start..segment.End);
        var shape = SpectralShape.Of(active, Rate, FrameSize, MaxFrames);
        var (row, column) = DtmfTones.Shares(active, Rate);

        var features = new FeatureWriter(values);
        features.Add(Math.Log(1 + ((double)samples.Length / Rate)) / 2);
        features.Add(Math.Log(1 + ((double)segment.Length / Rate)));
        features.Add((double)segment.Length / clean.Length);
        AddLevels(ref features, active, samples.Span[segment.Start..segment.End]);
        AddLoudness(ref features, loudness, segment);
        features.Add(ZeroCrossings(active));
        features.Add(shape.Flatness);
        features.Add(shape.Centroid / 2000);
        features.Add(shape.Rolloff / 4000);
        features.Add(shape.Flux);
        features.Add(shape.Tonality);
        for (var band = 0; band + 1 < BandEdges.Length; band++)
        {
            // The square root spreads small shares.
            features.Add(Math.Sqrt(shape.Share(BandEdges[band], BandEdges[band + 1])));
        }

        features.Add(row);
        features.Add(column);
        features.Add(2 * Math.Min(row, column));
    }

    /// <summary>Adds level, peak and clipping.</summary>
    /// <param name="features">Receives the features.</param>
    /// <param name="active">The active segment after the DC blocker.</param>
    /// <param name="raw">The active segment before the DC blocker, which tilts the flat tops of clipped samples.</param>
    private static void AddLevels(ref FeatureWriter features, ReadOnlySpan<double> active, ReadOnlySpan<float> raw)
    {
        var power = TensorPrimitives.SumOfSquares(active) / active.Length;
        var peak = Math.Abs(TensorPrimitives.MaxMagnitude(raw));
        var clipped = 0;
        foreach (var sample in raw)
        {
            clipped += Math.Abs(sample) > 0.95 * peak ? 1 : 0;
        }

        features.Add(((10 * Math.Log10(power + 1e-9)) + 30) / 30);
        features.Add(((20 * Math.Log10(peak + 1e-5)) + 20) / 20);
        features.Add(Math.Sqrt((double)clipped / active.Length));
    }

    /// <summary>Adds the signal-to-noise ratio (95th less 10th percentile of the loudness) and the modulation.</summary>
    private static void AddLoudness(ref FeatureWriter features, ReadOnlySpan<double> loudness, ActiveSegment segment)
    {
        double[] sorted = [.. loudness];
        Array.Sort(sorted);
        features.Add((sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.1 * (sorted.Length - 1))]) / 30);
        var hop = ActiveSegment.Hop(Rate);
        var active = loudness[(segment.Start / hop)..Math.Min((segment.End / hop) + 1, loudness.Length)];
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in active)
        {
            (sum, squares) = (sum + value, squares + (value * value));
        }

        var mean = sum / active.Length;
        features.Add(Math.Sqrt(Math.Max(0, (squares / active.Length) - (mean * mean))) / 10);
    }

    /// <summary>Twice the number of sign changes per sample, so that white noise has 1.</summary>
    private static double ZeroCrossings(ReadOnlySpan<double> samples)
    {
        var crossings = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            crossings += samples[i] < 0 != samples[i - 1] < 0 ? 1 : 0;
        }

        return 2.0 * crossings / samples.Length;
    }

    /// <summary>Writes features in order, clamped to [-4, 4].</summary>
    private ref struct FeatureWriter(Span<float> values)
    {
        private readonly Span<float> _values = values;
        private int _next;

        public void Add(double value) => _values[_next++] = (float)Math.Clamp(value, -4, 4);
    }
}
