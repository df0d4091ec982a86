namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// The low-pass of a sample rate conversion: a sinc under a Kaiser window, tabulated at evenly spaced fractions of an input
/// sample. It passes frequencies up to 91 % of the lower Nyquist frequency and stops those above it. The models were trained on what
/// libsoxr makes, so the filter is libsoxr's (<see cref="SincFilterDesign"/>).
/// </summary>
internal sealed class SincFilter
{
    // Above this many steps, neighbouring rows are so alike that blending two of them is exact to 100 dB.
    private const int BlendedSteps = 512;
    private const int LongestExactCycle = 1024;

    private readonly double[] _coefficients;

    private SincFilter(int half, int steps, double[] coefficients)
    {
        (Half, Steps) = (half, steps);
        _coefficients = coefficients;
    }

    /// <summary>Input samples that an output depends on to each side of its time.</summary>
    public int Half { get; }

    /// <summary>Rows per input sample; row r belongs to the fraction r / steps. There is one more, for a whole sample.</summary>
    public int Steps { get; }

    /// <summary>Designs the filter.</summary>
    /// <param name="inputRate">Samples per second.</param>
    /// <param name="outputRate">Samples per second.</param>
    public static SincFilter Design(int inputRate, int outputRate)
    {
        var divisor = Gcd(inputRate, outputRate);
        var (up, down) = (outputRate / divisor, inputRate / divisor);
        var scale = Math.Min(1, (double)outputRate / inputRate);
        var shape = SincFilterDesign.For(inputRate, outputRate);
        var half = (int)Math.Ceiling(shape.HalfPeriods / scale);
        // The response changes the slower from one input sample to the next, the lower its cutoff is.
        var steps = Math.Max(up, down) <= LongestExactCycle ? up : Math.Max(1, (int)Math.Ceiling(BlendedSteps * scale));
        var coefficients = new double[(steps + 1) * 2 * half];
        for (var row = 0; row <= steps; row++)
        {
            Fill(coefficients.AsSpan(row * 2 * half, 2 * half), (double)row / steps, scale, shape);
        }

        return new SincFilter(half, steps, coefficients);
    }

    /// <summary>
    /// The weights of the 2 x <see cref="Half"/> samples around an output: the first belongs to the input sample
    /// <see cref="Half"/> - 1 before the one at or before the output's time.
    /// </summary>
    public ReadOnlySpan<double> Row(int step) => _coefficients.AsSpan(step * 2 * Half, 2 * Half);

    /// <summary>The weights for a time <paramref name="fraction"/> after an input sample. They add up to 1, so that a constant stays what it is.</summary>
    private static void Fill(Span<double> row, double fraction, double scale, SincFilterDesign shape)
    {
        var (half, sum, peak) = (row.Length / 2, 0.0, BesselI0(shape.Beta));
        for (var k = 0; k < row.Length; k++)
        {
            var time = (k - half + 1 - fraction) * scale;
            row[k] = Sinc(shape.Cutoff * time) * Kaiser(time / shape.HalfPeriods, shape.Beta, peak);
            sum += row[k];
        }

        foreach (ref var weight in row)
        {
            weight /= sum;
        }
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The Kaiser window at <paramref name="x"/> from -1 to 1, zero outside.</summary>
    private static double Kaiser(double x, double beta, double peak) => Math.Abs(x) >= 1 ? 0 : BesselI0(beta * Math.Sqrt(1 - (x * x))) / peak;

    /// <summary>The modified Bessel function of order zero, by its power series (Abramowitz and Stegun 9.6.12).</summary>
    private static double BesselI0(double x)
    {
        var (sum, term, square) = (1.0, 1.0, x * x / 4);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= square / ((double)k * k);
            sum += term;
        }

        return sum;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
