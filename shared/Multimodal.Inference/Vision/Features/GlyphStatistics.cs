namespace Multimodal.Inference.Vision.Features;

/// <summary>
/// Statistics of a cropped glyph that distinguish print from handwriting. Printed glyphs have straight strokes along the axes, even stroke
/// widths, and often a symmetric shape.
/// </summary>
internal static class GlyphStatistics
{
    private const int Directions = 16;

    /// <summary>Computes softness, ink fraction, axis straightness, direction entropy, mirror symmetry and stroke evenness.</summary>
    /// <param name="ink">Size x size values in [0, 1], rows from top to bottom.</param>
    /// <param name="size">Number of columns and rows.</param>
    /// <param name="values">Receives six values in [0, 1].</param>
    public static void Compute(ReadOnlySpan<float> ink, int size, Span<float> values)
    {
        Span<double> histogram = stackalloc double[Directions];
        double total = 0, soft = 0, difference = 0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var here = ink[(y * size) + x];
                total += here;
                soft += here is > 0.2f and < 0.8f ? 1 : 0;
                difference += Math.Abs(here - ink[(y * size) + size - 1 - x]);
                if (x > 0 && y > 0 && x < size - 1 && y < size - 1)
                {
                    AddDirection(ink, size, (y * size) + x, histogram);
                }
            }
        }

        var (straightness, entropy) = Directedness(histogram);
        values[0] = (float)Math.Clamp(soft / Math.Max(1, total), 0, 1);
        values[1] = (float)(total / (size * size));
        values[2] = (float)straightness;
        values[3] = (float)entropy;
        values[4] = (float)Math.Clamp(1 - (difference / Math.Max(1e-6, 2 * total)), 0, 1);
        values[5] = StrokeEvenness(ink, size);
    }

    /// <summary>
    /// Adds the magnitude of the gradient to the bin of its direction modulo 180 degrees. Bin 0 is centred on the horizontal axis.
    /// </summary>
    private static void AddDirection(ReadOnlySpan<float> ink, int size, int index, Span<double> histogram)
    {
        // The Sobel operator.
        var gradientX = ink[index - size + 1] + (2 * ink[index + 1]) + ink[index + size + 1]
            - ink[index - size - 1] - (2 * ink[index - 1]) - ink[index + size - 1];
        var gradientY = ink[index + size - 1] + (2 * ink[index + size]) + ink[index + size + 1]
            - ink[index - size - 1] - (2 * ink[index - size]) - ink[index - size + 1];
        var length = MathF.Sqrt((gradientX * gradientX) + (gradientY * gradientY));
        if (length > 0.2f)
        {
            var angle = Math.Atan2(gradientY, gradientX) / Math.PI;
            var bin = (int)Math.Floor((angle * Directions) + 0.5);
            histogram[((bin % Directions) + Directions) % Directions] += length;
        }
    }

    /// <summary>Computes the share of the horizontal and vertical bins, and the entropy relative to its maximum; both in [0, 1].</summary>
    private static (double Straightness, double Entropy) Directedness(ReadOnlySpan<double> histogram)
    {
        double total = 0, entropy = 0;
        foreach (var bin in histogram)
        {
            total += bin;
        }

        if (total <= 0)
        {
            return (0, 0);
        }

        foreach (var bin in histogram)
        {
            var share = bin / total;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }

        return ((histogram[0] + histogram[Directions / 2]) / total, entropy / Math.Log(Directions));
    }

    /// <summary>
    /// Computes the evenness of the stroke widths: one minus the coefficient of variation of the run lengths of ink. Each point uses the
    /// shorter of its horizontal and vertical run.
    /// </summary>
    private static float StrokeEvenness(ReadOnlySpan<float> ink, int size)
    {
        double sum = 0, squares = 0, count = 0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (ink[(y * size) + x] > 0.5f)
                {
                    var run = Math.Min(Run(ink, (y * size) + x, 1, x, size), Run(ink, (y * size) + x, size, y, size));
                    sum += run;
                    squares += run * run;
                    count++;
                }
            }
        }

        if (count == 0)
        {
            return 0;
        }

        var mean = sum / count;
        var variation = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) / mean;
        return (float)Math.Clamp(1 - variation, 0, 1);
    }

    private static int Run(ReadOnlySpan<float> ink, int index, int stride, int position, int size)
    {
        int before = 1, after = 1;
        while (position - before >= 0 && ink[index - (before * stride)] > 0.5f)
        {
            before++;
        }

        while (position + after < size && ink[index + (after * stride)] > 0.5f)
        {
            after++;
        }

        return before + after - 1;
    }
}
