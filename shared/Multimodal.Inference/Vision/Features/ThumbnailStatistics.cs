namespace Multimodal.Inference.Vision.Features;

/// <summary>Statistics of a whole picture.</summary>
internal static class ThumbnailStatistics
{
    /// <summary>Gray levels per pixel from which a slope counts as an edge.</summary>
    private const int EdgeSlope = 24;

    private const int BlocksAcross = 4;

    /// <summary>Log of the variance of the Laplacian, scaled to about 0..1, and the share of pixels on an edge.</summary>
    /// <remarks>The variance of the Laplacian as a measure of focus: J. Pech-Pacheco et al. (2000).</remarks>
    public static (float Sharpness, float Edges) SharpnessAndEdges(GrayImage image)
    {
        var (width, height, p) = image;
        double sum = 0, squares = 0;
        int edges = 0, count = 0;
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var at = (y * width) + x;
                var laplacian = p[at - 1] + p[at + 1] + p[at - width] + p[at + width] - (4 * p[at]);
                sum += laplacian;
                squares += laplacian * laplacian;
                int across = p[at + 1] - p[at - 1], down = p[at + width] - p[at - width];
                edges += (across * across) + (down * down) > 4 * EdgeSlope * EdgeSlope ? 1 : 0;
                count++;
            }
        }

        if (count == 0)
        {
            return (0, 0);
        }

        var variance = Math.Max(0, (squares / count) - (sum / count * (sum / count)));
        return ((float)(Math.Log(1 + variance) / 10), (float)edges / count);
    }

    /// <summary>Mean of (max - min) / 255 over the channels, and the colourfulness M of Hasler and Suesstrunk (2003) over 100.</summary>
    public static (float Saturation, float Colourfulness) SaturationAndColourfulness(RgbImage image)
    {
        var p = image.Pixels;
        double chroma = 0, rg = 0, rgSquares = 0, yb = 0, ybSquares = 0;
        var count = p.Length / 3;
        for (var i = 0; i < p.Length; i += 3)
        {
            int r = p[i], g = p[i + 1], b = p[i + 2];
            chroma += Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b));
            double opponentRg = r - g, opponentYb = (0.5 * (r + g)) - b;
            rg += opponentRg;
            rgSquares += opponentRg * opponentRg;
            yb += opponentYb;
            ybSquares += opponentYb * opponentYb;
        }

        rg /= count;
        yb /= count;
        var deviation = Math.Sqrt(Math.Max(0, (rgSquares / count) - (rg * rg) + (ybSquares / count) - (yb * yb)));
        var mean = Math.Sqrt((rg * rg) + (yb * yb));
        return ((float)(chroma / (255.0 * count)), (float)((deviation + (0.3 * mean)) / 100));
    }

    /// <summary>Standard deviation of the medians of 4 by 4 blocks, over 64: uneven light.</summary>
    public static float Unevenness(GrayImage image)
    {
        double sum = 0, squares = 0;
        var histogram = new int[256];
        for (var block = 0; block < BlocksAcross * BlocksAcross; block++)
        {
            var left = block % BlocksAcross * image.Width / BlocksAcross;
            var right = Math.Max(left + 1, ((block % BlocksAcross) + 1) * image.Width / BlocksAcross);
            var top = block / BlocksAcross * image.Height / BlocksAcross;
            var bottom = Math.Max(top + 1, ((block / BlocksAcross) + 1) * image.Height / BlocksAcross);
            double median = Median(image, left, top, right, bottom, histogram);
            sum += median;
            squares += median * median;
        }

        const int Blocks = BlocksAcross * BlocksAcross;
        return (float)(Math.Sqrt(Math.Max(0, (squares / Blocks) - (sum / Blocks * (sum / Blocks)))) / 64);
    }

    private static int Median(GrayImage image, int left, int top, int right, int bottom, int[] histogram)
    {
        Array.Clear(histogram);
        for (var y = top; y < bottom; y++)
        {
            foreach (var level in image.Pixels.AsSpan((y * image.Width) + left, right - left))
            {
                histogram[level]++;
            }
        }

        var rest = (right - left) * (bottom - top) / 2;
        var result = 0;
        while (result < 255 && (rest -= histogram[result]) >= 0)
        {
            result++;
        }

        return result;
    }
}
