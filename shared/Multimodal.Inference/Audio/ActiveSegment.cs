using System.Numerics.Tensors;

namespace Multimodal.Inference.Audio;

/// <summary>The part of a recording that contains the sound.</summary>
/// <param name="Start">Index of its first sample.</param>
/// <param name="End">Index after its last sample.</param>
internal readonly record struct ActiveSegment(int Start, int End)
{
    private const double FrameSeconds = 0.020;
    private const double HopSeconds = 0.010;
    private const double MaxGapSeconds = 0.25;
    private const double CutoffHertz = 60;
    private const double FloorQuantile = 0.1;

    /// <summary>Length in samples.</summary>
    public int Length => End - Start;

    /// <summary>Distance between frames of <see cref="Loudness"/>, in samples.</summary>
    public static int Hop(int rate) => (int)Math.Round(HopSeconds * rate);

    /// <summary>Length of a frame of <see cref="Loudness"/>, in samples.</summary>
    public static int Frame(int rate) => (int)Math.Round(FrameSeconds * rate);

    /// <summary>
    /// Removes the DC offset and attenuates rumble with a one-pole DC blocker.
    /// Its equation is y[n] = x[n] - x[n-1] + a y[n-1] with a = exp(-2 pi 60 / rate).
    /// </summary>
    public static double[] BlockDc(ReadOnlySpan<float> samples, int rate)
    {
        var clean = GC.AllocateUninitializedArray<double>(samples.Length);
        var (a, before, last) = (Math.Exp(-2 * Math.PI * CutoffHertz / rate), 0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            last = samples[i] - before + (a * last);
            before = samples[i];
            clean[i] = last;
        }

        return clean;
    }

    /// <summary>
    /// Computes the power in decibels, at least -120, of frames of 20 ms with a hop of 10 ms. The power is averaged over five frames. The
    /// last frame is padded with silence.
    /// </summary>
    public static double[] Loudness(ReadOnlySpan<double> samples, int rate)
    {
        var (frame, hop) = (Frame(rate), Hop(rate));
        var count = Math.Max(1, 1 + ((samples.Length - frame + hop - 1) / hop));
        var power = new double[count];
        for (var i = 0; i < count; i++)
        {
            power[i] = TensorPrimitives.SumOfSquares(samples[(i * hop)..Math.Min((i * hop) + frame, samples.Length)]);

            power[i] /= frame;
        }

        var level = new double[count];
        for (var i = 0; i < count; i++)
        {
            var near = power.AsSpan(Math.Max(i - 2, 0)..Math.Min(i + 3, count));
            var sum = 0.0;
            foreach (var value in near)
            {
                sum += value;
            }

            level[i] = 10 * Math.Log10((sum / near.Length) + 1e-12);
        }

        return level;
    }

    /// <summary>
    /// Finds the loudest run of frames. A frame is active above a threshold at 35 % of the range from the noise floor to the peak. The
    /// noise floor is the 10th percentile, clamped to 10 to 45 dB below the peak. This works for tightly cut clips, for clips in digital
    /// silence, and for steady noise 10 dB below the sound. Runs less than 0.25 s apart are joined, because words such as "six" and "eight"
    /// contain stops. The result is the run with the largest area above the threshold, so that a word beats a click.
    /// </summary>
    /// <param name="samples">The output of <see cref="BlockDc"/>, at least one sample.</param>
    /// <param name="level">Their <see cref="Loudness"/>.</param>
    /// <param name="rate">Sample rate in hertz.</param>
    public static ActiveSegment Find(ReadOnlySpan<double> samples, ReadOnlySpan<double> level, int rate)
    {
        double[] sorted = [.. level];
        Array.Sort(sorted);
        var peak = sorted[^1];
        var floor = Math.Clamp(sorted[(int)(FloorQuantile * (sorted.Length - 1))], peak - 45, peak - 10);
        var threshold = floor + (0.35 * (peak - floor));
        var maxGap = (int)Math.Round(MaxGapSeconds / HopSeconds);
        var (best, bestScore) = ((First: 0, Last: level.Length - 1), -1.0);
        var (first, last, score) = (-1, -1, 0.0);
        for (var i = 0; i < level.Length; i++)
        {
            if (level[i] < threshold)
            {
                continue;
            }

            if (first < 0 || i - last > maxGap)
            {
                (first, score) = (i, 0);
            }

            last = i;
            score += level[i] - threshold;
            if (score > bestScore)
            {
                (best, bestScore) = ((first, last), score);
            }
        }

        var hop = Hop(rate);
        return new ActiveSegment(best.First * hop, Math.Min((best.Last * hop) + Frame(rate), samples.Length));
    }
}
