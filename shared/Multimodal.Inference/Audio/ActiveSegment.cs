namespace Multimodal.Inference.Audio;

/// <summary>Where the sound is: first sample and the sample past the last.</summary>
internal readonly record struct ActiveSegment(int Start, int End)
{
    private const double FrameSeconds = 0.020;
    private const double HopSeconds = 0.010;
    private const double JoinSeconds = 0.25;
    private const double CutoffHertz = 60;
    private const double FloorShare = 0.1;

    /// <summary>Samples in it.</summary>
    public int Length => End - Start;

    /// <summary>Samples from one frame of <see cref="Loudness"/> to the next.</summary>
    public static int Hop(int rate) => (int)Math.Round(HopSeconds * rate);

    /// <summary>Samples in one frame of <see cref="Loudness"/>.</summary>
    public static int Frame(int rate) => (int)Math.Round(FrameSeconds * rate);

    /// <summary>
    /// Removes the offset and most of the rumble: y[n] = x[n] - x[n-1] + a y[n-1] with a = exp(-2 pi 60 / rate), the usual
    /// one-pole DC blocker.
    /// </summary>
    public static double[] BlockDc(ReadOnlySpan<float> samples, int rate)
    {
        var clean = new double[samples.Length];
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
    /// Decibels of the power in frames of 20 ms, one every 10 ms, the power averaged over five frames. The last frame may
    /// reach past the end, where there is silence. Never below -120.
    /// </summary>
    public static double[] Loudness(ReadOnlySpan<double> samples, int rate)
    {
        var (frame, hop) = (Frame(rate), Hop(rate));
        var count = Math.Max(1, 1 + ((samples.Length - frame + hop - 1) / hop));
        var power = new double[count];
        for (var i = 0; i < count; i++)
        {
            foreach (var sample in samples[(i * hop)..Math.Min((i * hop) + frame, samples.Length)])
            {
                power[i] += sample * sample;
            }

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
    /// The loudest run of frames. A frame is active above a threshold that lies between the noise floor (10th percentile,
    /// taken to be 10 to 45 dB below the peak) and the peak, at 35 % of the way: that works for a clip cut tightly, for digital
    /// silence around, and for steady noise 10 dB below the sound. Runs less than 0.25 s apart are one (the stops inside
    /// "six" and "eight"); the run with the greatest area above the threshold wins, so that a click loses against a word.
    /// </summary>
    /// <param name="samples">From <see cref="BlockDc"/>; at least one.</param>
    /// <param name="level">Their <see cref="Loudness"/>.</param>
    /// <param name="rate">Samples per second.</param>
    public static ActiveSegment Find(ReadOnlySpan<double> samples, ReadOnlySpan<double> level, int rate)
    {
        double[] sorted = [.. level];
        Array.Sort(sorted);
        var peak = sorted[^1];
        var floor = Math.Clamp(sorted[(int)(FloorShare * (sorted.Length - 1))], peak - 45, peak - 10);
        var threshold = floor + (0.35 * (peak - floor));
        var join = (int)Math.Round(JoinSeconds / HopSeconds);
        var (best, bestScore) = ((First: 0, Last: level.Length - 1), -1.0);
        var (first, last, score) = (-1, -1, 0.0);
        for (var i = 0; i < level.Length; i++)
        {
            if (level[i] < threshold)
            {
                continue;
            }

            if (first < 0 || i - last > join)
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
