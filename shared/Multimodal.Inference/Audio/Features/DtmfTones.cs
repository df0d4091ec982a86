using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Audio.Features;

/// <summary>Measures the power of telephone keypad tones (DTMF, ITU-T Recommendation Q.23).</summary>
internal static class DtmfTones
{
    // 25.6 ms at 8 kHz: long enough to separate neighbouring tones, and shorter than the shortest key tone.
    private const int FrameSize = 205;
    private const int MaxFrames = 60;

    private static ReadOnlySpan<double> Rows => [697, 770, 852, 941];

    private static ReadOnlySpan<double> Columns => [1209, 1336, 1477, 1633];

    /// <summary>
    /// Computes the shares, in [0, 1], of the strongest row tone and the strongest column tone in the power of the best frame. A key has
    /// about 0.5 each; silence has about 0.
    /// </summary>
    /// <param name="samples">Mono samples, at least one.</param>
    /// <param name="rate">Sample rate in hertz.</param>
    public static (double Row, double Column) Shares(ReadOnlySpan<double> samples, int rate)
    {
        var (best, bestRow, bestColumn) = (-1.0, 0.0, 0.0);
        var hop = Math.Max(FrameSize / 2, (samples.Length - FrameSize) / MaxFrames);
        for (var start = 0; start == 0 || start + FrameSize <= samples.Length; start += hop)
        {
            var frame = samples[start..Math.Min(start + FrameSize, samples.Length)];
            var power = 1e-9;
            foreach (var sample in frame)
            {
                power += sample * sample;
            }

            // A sine of amplitude A has Goertzel power (A N / 2)^2 and signal power N A^2 / 2.
            var scale = 2 / (power * frame.Length);
            var (row, column) = (Strongest(frame, Rows, rate) * scale, Strongest(frame, Columns, rate) * scale);
            if (Math.Min(row, column) > best)
            {
                (best, bestRow, bestColumn) = (Math.Min(row, column), row, column);
            }
        }

        return (Math.Min(bestRow, 1), Math.Min(bestColumn, 1));
    }

    /// <summary>Computes |X|^2 at four frequencies (Goertzel 1958). The recursions run side by side, because each waits for its own last value.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="hertz">Four frequencies.</param>
    /// <param name="rate">Sample rate in hertz.</param>
    public static Vector256<double> Goertzel(ReadOnlySpan<double> samples, ReadOnlySpan<double> hertz, int rate)
    {
        var factors = Vector256.Create(Factor(hertz[0]), Factor(hertz[1]), Factor(hertz[2]), Factor(hertz[3]));
        var (last, beforeLast) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var sample in samples)
        {
            (last, beforeLast) = (Vector256.Create(sample) + (factors * last) - beforeLast, last);
        }

        return (last * last) + (beforeLast * beforeLast) - (factors * last * beforeLast);

        double Factor(double frequency) => 2 * Math.Cos(2 * Math.PI * frequency / rate);
    }

    private static double Strongest(ReadOnlySpan<double> frame, ReadOnlySpan<double> tones, int rate)
    {
        var powers = Goertzel(frame, tones, rate);
        return Math.Max(0, Math.Max(Math.Max(powers[0], powers[1]), Math.Max(powers[2], powers[3])));
    }
}
