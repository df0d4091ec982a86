namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Thresholds that separate ink from background in a difference image.</summary>
/// <param name="Split">The threshold of Otsu's method, signed.</param>
/// <param name="Level">A magnitude that most of the background does not exceed.</param>
internal readonly record struct InkThresholds(int Split, int Level)
{
    /// <summary>Computes the thresholds of a difference image.</summary>
    /// <param name="difference">Image minus background level, one value per pixel.</param>
    public static InkThresholds Of(ReadOnlySpan<short> difference)
    {
        const int Half = 256;
        var histogram = new int[2 * Half];
        foreach (var value in difference)
        {
            histogram[Math.Clamp(value + Half, 0, (2 * Half) - 1)]++;
        }

        var magnitude = new int[Half + 1];
        for (var i = 0; i < histogram.Length; i++)
        {
            magnitude[Math.Abs(i - Half)] += histogram[i];
        }

        var median = Quantile(magnitude, 0.5, difference.Length);
        var peak = Quantile(magnitude, 0.998, difference.Length);
        return new InkThresholds(
            Otsu(histogram, difference.Length) - Half, Math.Max(5, Math.Max((int)(0.4 * peak), 3 * median)));
    }

    private static int Quantile(int[] histogram, double quantile, int count)
    {
        var left = (long)(quantile * count);
        for (var i = 0; i < histogram.Length; i++)
        {
            left -= histogram[i];
            if (left < 0)
            {
                return i;
            }
        }

        return histogram.Length - 1;
    }

    /// <summary>
    /// Returns the bin that maximizes the variance between both sides (N. Otsu 1979, "A Threshold Selection Method from Gray-Level
    /// Histograms").
    /// </summary>
    private static int Otsu(int[] histogram, int count)
    {
        double total = 0;
        for (var i = 0; i < histogram.Length; i++)
        {
            total += (double)i * histogram[i];
        }

        double below = 0, belowSum = 0, best = -1;
        var split = histogram.Length / 2;
        for (var i = 0; i < histogram.Length - 1; i++)
        {
            below += histogram[i];
            belowSum += (double)i * histogram[i];
            var above = count - below;
            if (below == 0 || above == 0)
            {
                continue;
            }

            var gap = (belowSum / below) - ((total - belowSum) / above);
            var between = below * above * gap * gap;
            if (between > best)
            {
                best = between;
                split = i;
            }
        }

        return split;
    }
}
