using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>
/// Kind <c>waveform</c>: converts audio to a fixed window of mono samples around its loudest segment, float32 [samples], with a normalized
/// level. Spectrograms are part of the model's graph, so that training and serving only have to agree on samples.
/// </summary>
internal sealed class WaveformPreprocessor : IPreprocessor
{
    private const double TargetRms = 0.1;

    // At most 60 dB, so that silence is not amplified to noise.
    private const double MaxGain = 1000;

    private readonly WaveformOptions _options;
    private readonly MediaOptions _limits;

    public WaveformPreprocessor(WaveformOptions options, MediaOptions limits)
    {
        _options = options;
        _limits = limits;
        Row = new TensorRow(TensorElement.Float32, [options.Width]);
    }

    public TensorRow Row { get; }

    /// <summary>The factory of this kind.</summary>
    public static WaveformPreprocessor? Create(PreprocessorContext context, Action<string, string> problem) =>
        WaveformOptions.Read(context.Options, problem) is { } options ? new WaveformPreprocessor(options, context.Limits) : null;

    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, Row.ByteLength);
        if (!AudioReading.TryDecode(media, _limits, _options.SampleRate, out var samples, out failure))
        {
            return false;
        }

        Fill(ActiveAudio.Of(media, samples, _options.SampleRate), MemoryMarshal.Cast<byte, float>(row));
        return true;
    }

    /// <summary>Writes the window of <paramref name="audio"/> that the options select. Zeros fill the parts beyond both ends.</summary>
    internal void Fill(ActiveAudio audio, Span<float> window)
    {
        var (width, clean) = (window.Length, audio.Clean);
        var (segment, start) = (new ActiveSegment(0, Math.Min(clean.Length, width)), 0);
        if (_options.Trim == WaveformTrim.Energy)
        {
            segment = audio.Segment;
            start = Middle(clean, segment, width) - (width / 2);
        }

        window.Clear();
        var (low, high) = (Math.Max(start, 0), Math.Min(start + width, clean.Length));
        var active = clean.AsSpan(Math.Max(segment.Start, start)..Math.Min(segment.End, start + width));
        var gain = Gain(active);
        var i = low;
        for (; i <= high - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (first, second) = (Vector256.Create<double>(clean.AsSpan(i)), Vector256.Create<double>(clean.AsSpan(i + Vector256<double>.Count)));
            Vector256.Narrow(first * gain, second * gain).CopyTo(window[(i - start)..]);
        }

        for (; i < high; i++)
        {
            window[i - start] = (float)(clean[i] * gain);
        }
    }

    /// <summary>
    /// The middle of the segment. For a segment longer than the window, its centre of energy, moved so that the window is inside it.
    /// </summary>
    private static int Middle(ReadOnlySpan<double> clean, ActiveSegment segment, int width)
    {
        if (segment.Length <= width)
        {
            return (segment.Start + segment.End) / 2;
        }

        var (total, moment) = (0.0, 0.0);
        for (var i = segment.Start; i < segment.End; i++)
        {
            var power = clean[i] * clean[i];
            total += power;
            moment += power * (i - segment.Start);
        }

        var centroid = total > 0 ? segment.Start + (int)(moment / total) : (segment.Start + segment.End) / 2;
        return Math.Clamp(centroid, segment.Start + (width / 2), segment.End - (width / 2));
    }

    private double Gain(ReadOnlySpan<double> active)
    {
        if (active.Length == 0)
        {
            return 1;
        }

        return _options.Normalise switch
        {
            WaveformNormalization.Rms =>
                Math.Min(TargetRms / Math.Max(Math.Sqrt(TensorPrimitives.SumOfSquares(active) / active.Length), 1e-12), MaxGain),
            WaveformNormalization.Peak => Math.Min(1 / Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(active)), 1e-12), MaxGain),
            _ => 1,
        };
    }
}
