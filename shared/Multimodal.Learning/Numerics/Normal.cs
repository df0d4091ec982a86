namespace Multimodal.Learning.Numerics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>exp(-x^2 / 2) / sqrt(2 pi).</summary>
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// The probability of a value of at most x, with an absolute error of 1e-14. For |x| up to 5, the series x + x^3/3 + x^5/15 + ... times
    /// the density (Marsaglia 2004, "Evaluating the normal distribution"); beyond, Mills' ratio as a continued fraction (Laplace), which
    /// keeps the relative precision in the far tail.
    /// </summary>
    public static double Cumulative(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        var size = Math.Abs(x);
        if (size > 38)
        {
            return x > 0 ? 1 : 0;
        }

        if (size > 5)
        {
            var fraction = size;
            for (var n = 60; n > 0; n--)
            {
                fraction = size + n / fraction;
            }

            var tail = Density(size) / fraction;
            return x > 0 ? 1 - tail : tail;
        }

        var term = x;
        var sum = x;
        for (var n = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + sum * Density(x);
    }

    /// <summary>A random draw (Box and Muller 1958).</summary>
    public static double Draw(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
