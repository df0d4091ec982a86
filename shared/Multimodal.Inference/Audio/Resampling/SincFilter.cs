namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// The low-pass filter of a sample rate conversion: a sinc with a Kaiser window, tabulated at evenly spaced fractions of an input
/// sample. It passes frequencies up to 91 % of the lower Nyquist frequency and stops those above it. It matches the filter of libsoxr
/// (<see cref="SincFilterDesign"/>), because the models were trained on audio that libsoxr resampled.
/// </summary>
internal sealed class SincFilter
{
    // With this many steps, linear interpolation between neighbouring rows is exact to 100 dB.
    private const int InterpolatedSteps = 512;
    private const int MaxExactCycle = 1024;

    private readonly double[] _coefficients;

    private SincFilter(int half, int steps, double[] coefficients)
    {
        (Half, Steps) = (half, steps);
        _coefficients = coefficients;
    }

    /// <summary>Number of input samples on each side of an output's time that contribute to it.</summary>
    public int Half { get; }

    /// <summary>Number of rows per input sample. Row r is for the fraction r / steps; there is one more row, for a whole sample.</summary>
    public int Steps { get; }

    /// <summary>Designs the filter.</summary>
    /// <param name="inputRate">Sample rate of the input, in hertz.</param>
    /// <param name="outputRate">Sample rate of the output, in hertz.</param>
    public static SincFilter Design(int inputRate, int outputRate)
    {
        var divisor = Gcd(inputRate, outputRate);
        var (up, down) = (outputRate / divisor, inputRate / divisor);
        var scale = Math.Min(1, (double)outputRate / inputRate);
        var design = SincFilterDesign.For(inputRate, outputRate);
        var half = (int)Math.Ceiling(design.HalfPeriods / scale);
        // The lower the cutoff, the less the response changes between input samples, and the fewer steps are needed.
        var steps = Math.Max(up, down) <= MaxExactCycle ? up : Math.Max(1, (int)Math.Ceiling(InterpolatedSteps * scale));
        var coefficients = new double[(steps + 1) * 2 * half];
        for (var row = 0; row <= steps; row++)
        {
            Fill(coefficients.AsSpan(row * 2 * half, 2 * half), (double)row / steps, scale, design);
        }

        return new SincFilter(half, steps, coefficients);
    }

    /// <summary>
    /// Returns the weights of the 2 x <see cref="Half"/> input samples around an output. The weight at index <see cref="Half"/> - 1 is for
    /// the input sample at or before the output's time.
    /// </summary>
    public ReadOnlySpan<double> Row(int step) => _coefficients.AsSpan(step * 2 * Half, 2 * Half);

    /// <summary>
    /// Computes the weights for a time <paramref name="fraction"/> after an input sample. They sum to 1, so a constant is unchanged.
    /// </summary>
    private static void Fill(Span<double> row, double fraction, double scale, SincFilterDesign design)
    {
        var (half, sum, peak) = (row.Length / 2, 0.0, BesselI0(design.Beta));
        for (var k = 0; k < row.Length; k++)
        {
            var time = (k - half + 1 - fraction) * scale;
            row[k] = Sinc(design.Cutoff * time) * Kaiser(time / design.HalfPeriods, design.Beta, peak);
            sum += row[k];
        }

        foreach (ref var weight in row)
        {
            weight /= sum;
        }
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The Kaiser window at <paramref name="x"/>; 0 outside [-1, 1].</summary>
    private static double Kaiser(double x, double beta, double peak) =>
        Math.Abs(x) >= 1 ? 0 : BesselI0(beta * Math.Sqrt(1 - (x * x))) / peak;

    /// <summary>The modified Bessel function of order 0, by its power series (Abramowitz and Stegun, 9.6.12).</summary>
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
