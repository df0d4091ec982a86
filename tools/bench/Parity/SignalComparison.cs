namespace Multimodal.Bench.Parity;

/// <summary>Difference between a decoded sound and a reference.</summary>
/// <param name="Decibels">Power of the reference over the power of the difference, unshifted, over the longer of both.</param>
/// <param name="Error">Root mean square of the difference, relative to full scale.</param>
/// <param name="Offset">Samples by which it lags the reference, by cross-correlation; the target is 0.</param>
/// <param name="Longer">Samples by which it is longer than the reference.</param>
internal sealed record SignalComparison(double Decibels, double Error, int Offset, int Longer)
{
    private const double Cap = 200;

    /// <summary>
    /// Half a step of 16-bit samples. A decoder with 16-bit output cannot be more exact, so a quiet file has a low ratio: Concentus is a
    /// fixed-point decoder, libopus a floating-point one.
    /// </summary>
    public const double Rounding = 1.0 / 65_536;

    /// <summary>Compares two signals at the same rate.</summary>
    /// <param name="reference">The reference signal.</param>
    /// <param name="actual">The signal under test.</param>
    /// <param name="reach">Largest offset to search, in samples.</param>
    public static SignalComparison Of(ReadOnlySpan<float> reference, ReadOnlySpan<float> actual, int reach)
    {
        double signal = 0, noise = 0;
        for (var i = 0; i < Math.Max(reference.Length, actual.Length); i++)
        {
            double expected = i < reference.Length ? reference[i] : 0, difference = expected - (i < actual.Length ? actual[i] : 0);
            signal += expected * expected;
            noise += difference * difference;
        }

        var decibels = noise == 0 ? Cap : signal == 0 ? -Cap : Math.Clamp(10 * Math.Log10(signal / noise), -Cap, Cap);
        var error = Math.Sqrt(noise / Math.Max(1, Math.Max(reference.Length, actual.Length)));
        return new SignalComparison(decibels, error, OffsetOf(reference, actual, reach), actual.Length - reference.Length);
    }

    /// <summary>The shift with the largest correlation; the smallest of equal ones.</summary>
    private static int OffsetOf(ReadOnlySpan<float> reference, ReadOnlySpan<float> actual, int reach)
    {
        var (best, offset) = (double.NegativeInfinity, 0);
        for (var step = 0; step <= 2 * reach; step++)
        {
            // 0, 1, -1, 2, -2, ...
            var shift = step % 2 == 1 ? (step + 1) / 2 : -step / 2;
            var (from, until) = (Math.Max(0, -shift), Math.Min(reference.Length, actual.Length - shift));
            var sum = 0.0;
            for (var i = from; i < until; i++)
            {
                sum += (double)reference[i] * actual[i + shift];
            }

            if (sum > best)
            {
                (best, offset) = (sum, shift);
            }
        }

        return offset;
    }
}
