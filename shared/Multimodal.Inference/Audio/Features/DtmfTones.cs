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

    /// <summary>Computes |X|^2 at one frequency (Goertzel 1958).</summary>
    public static double Goertzel(ReadOnlySpan<double> samples, double hertz, int rate)
    {
        var factor = 2 * Math.Cos(2 * Math.PI * hertz / rate);
        var (last, beforeLast) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            (last, beforeLast) = (sample + (factor * last) - beforeLast, last);
        }

        return (last * last) + (beforeLast * beforeLast) - (factor * last * beforeLast);
    }

    private static double Strongest(ReadOnlySpan<double> frame, ReadOnlySpan<double> tones, int rate)
    {
        var max = 0.0;
        foreach (var hertz in tones)
        {
            max = Math.Max(max, Goertzel(frame, hertz, rate));
        }

        return max;
    }
}
