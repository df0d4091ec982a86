namespace Multimodal.Inference.Vision.Features;

/// <summary>
/// Statistics of a cut-out glyph that tell type from handwriting: type has straight strokes along the axes, of even width,
/// and often a symmetric shape.
/// </summary>
internal static class GlyphStatistics
{
    private const int Directions = 16;

    /// <summary>Writes softness, ink fraction, axis straightness, direction entropy, mirror symmetry and stroke evenness.</summary>
    /// <param name="ink">Rows of ink in [0, 1].</param>
    /// <param name="size">Values across and down.</param>
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

    /// <summary>Adds the gradient's length to the bin of its direction modulo 180 degrees; bin 0 is centred on the axis.</summary>
    private static void AddDirection(ReadOnlySpan<float> ink, int size, int at, Span<double> histogram)
    {
        // Sobel's operator.
        var across = ink[at - size + 1] + (2 * ink[at + 1]) + ink[at + size + 1]
            - ink[at - size - 1] - (2 * ink[at - 1]) - ink[at + size - 1];
        var down = ink[at + size - 1] + (2 * ink[at + size]) + ink[at + size + 1]
            - ink[at - size - 1] - (2 * ink[at - size]) - ink[at - size + 1];
        var length = MathF.Sqrt((across * across) + (down * down));
        if (length > 0.2f)
        {
            var turn = Math.Atan2(down, across) / Math.PI;
            var bin = (int)Math.Floor((turn * Directions) + 0.5);
            histogram[((bin % Directions) + Directions) % Directions] += length;
        }
    }

    /// <summary>Share of the horizontal and vertical bins, and entropy over its maximum.</summary>
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
    /// How alike the widths of the strokes are: one minus the coefficient of variation of the runs of ink, each point taking
    /// the shorter of its horizontal and vertical run.
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

    private static int Run(ReadOnlySpan<float> ink, int at, int stride, int place, int size)
    {
        int before = 1, after = 1;
        while (place - before >= 0 && ink[at - (before * stride)] > 0.5f)
        {
            before++;
        }

        while (place + after < size && ink[at + (after * stride)] > 0.5f)
        {
            after++;
        }

        return before + after - 1;
    }
}
