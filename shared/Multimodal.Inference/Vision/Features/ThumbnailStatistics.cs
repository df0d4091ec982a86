namespace Multimodal.Inference.Vision.Features;

/// <summary>Statistics of a whole image.</summary>
internal static class ThumbnailStatistics
{
    /// <summary>Smallest gradient of an edge, in gray levels per pixel.</summary>
    private const int EdgeSlope = 24;

    private const int BlocksAcross = 4;

    /// <summary>
    /// Computes the sharpness, the logarithm of the variance of the Laplacian scaled to about [0, 1] (J. Pech-Pacheco et al. 2000, "Diatom
    /// Autofocusing in Brightfield Microscopy"), and the share of pixels on an edge.
    /// </summary>
    public static (float Sharpness, float Edges) SharpnessAndEdges(GrayImage image)
    {
        var (width, height, pixels) = image;
        double sum = 0, squares = 0;
        int edges = 0, count = 0;
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var index = (y * width) + x;
                var laplacian = pixels[index - 1] + pixels[index + 1] + pixels[index - width] + pixels[index + width] - (4 * pixels[index]);
                sum += laplacian;
                squares += laplacian * laplacian;
                int gradientX = pixels[index + 1] - pixels[index - 1], gradientY = pixels[index + width] - pixels[index - width];
                edges += (gradientX * gradientX) + (gradientY * gradientY) > 4 * EdgeSlope * EdgeSlope ? 1 : 0;
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

    /// <summary>
    /// Computes the saturation, the mean of (max - min) / 255 over the channels, and the colourfulness M / 100 (D. Hasler and S. Suesstrunk
    /// 2003, "Measuring Colourfulness in Natural Images").
    /// </summary>
    public static (float Saturation, float Colourfulness) SaturationAndColourfulness(RgbImage image)
    {
        var pixels = image.Pixels;
        double chroma = 0, rg = 0, rgSquares = 0, yb = 0, ybSquares = 0;
        var count = pixels.Length / 3;
        for (var i = 0; i < pixels.Length; i += 3)
        {
            int r = pixels[i], g = pixels[i + 1], b = pixels[i + 2];
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

    /// <summary>Measures uneven illumination: the standard deviation of the medians of 4 x 4 blocks, divided by 64.</summary>
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
            double median = Median(image, new PixelBox(left, top, right, bottom), histogram);
            sum += median;
            squares += median * median;
        }

        const int Blocks = BlocksAcross * BlocksAcross;
        return (float)(Math.Sqrt(Math.Max(0, (squares / Blocks) - (sum / Blocks * (sum / Blocks)))) / 64);
    }

    private static int Median(GrayImage image, PixelBox box, int[] histogram)
    {
        var (left, top, right, bottom) = box;
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
