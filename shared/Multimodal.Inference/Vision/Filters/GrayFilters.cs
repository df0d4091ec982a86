using System.Buffers;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>Filters and estimators for gray images.</summary>
internal static class GrayFilters
{
    /// <summary>
    /// Estimates the standard deviation of white noise in gray levels (J. Immerkaer 1996, "Fast Noise Variance Estimation"). It uses the
    /// mean absolute response of the difference of two Laplacians, which does not respond to edges of constant slope.
    /// </summary>
    public static double Noise(GrayImage image)
    {
        var (width, height, pixels) = image;
        if (width < 3 || height < 3)
        {
            return 0;
        }

        long sum = 0;
        for (var y = 1; y < height - 1; y++)
        {
            ReadOnlySpan<byte> above = pixels.AsSpan((y - 1) * width, width);
            ReadOnlySpan<byte> here = pixels.AsSpan(y * width, width);
            ReadOnlySpan<byte> below = pixels.AsSpan((y + 1) * width, width);
            for (var x = 1; x < width - 1; x++)
            {
                var response = above[x - 1] - (2 * above[x]) + above[x + 1]
                    - (2 * here[x - 1]) + (4 * here[x]) - (2 * here[x + 1])
                    + below[x - 1] - (2 * below[x]) + below[x + 1];
                sum += Math.Abs(response);
            }
        }

        return Math.Sqrt(Math.PI / 2) * sum / (6.0 * (width - 2) * (height - 2));
    }

    /// <summary>Smooths with the binomial kernel 1-2-1 in both directions. Pixels at the edges are repeated.</summary>
    public static GrayImage Smooth(GrayImage image, int passes)
    {
        var (width, height, source) = image;
        var target = (byte[])source.Clone();
        var sums = ArrayPool<ushort>.Shared.Rent(width * height);
        for (var pass = 0; pass < passes; pass++)
        {
            for (var y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> row = target.AsSpan(y * width, width);
                var sum = sums.AsSpan(y * width, width);
                sum[0] = (ushort)((3 * row[0]) + row[Math.Min(1, width - 1)]);
                sum[^1] = (ushort)((3 * row[^1]) + row[Math.Max(0, width - 2)]);
                for (var x = 1; x < width - 1; x++)
                {
                    sum[x] = (ushort)(row[x - 1] + (2 * row[x]) + row[x + 1]);
                }
            }

            for (var y = 0; y < height; y++)
            {
                ReadOnlySpan<ushort> above = sums.AsSpan(Math.Max(0, y - 1) * width, width);
                ReadOnlySpan<ushort> here = sums.AsSpan(y * width, width);
                ReadOnlySpan<ushort> below = sums.AsSpan(Math.Min(height - 1, y + 1) * width, width);
                var row = target.AsSpan(y * width, width);
                for (var x = 0; x < width; x++)
                {
                    row[x] = (byte)((above[x] + (2 * here[x]) + below[x] + 8) >> 4);
                }
            }
        }

        ArrayPool<ushort>.Shared.Return(sums);
        return new GrayImage(width, height, target);
    }

    /// <summary>
    /// Subtracts from each pixel the mean of the square with half-width <paramref name="radius"/> around it, clipped at the edges.
    /// </summary>
    public static void SubtractLocalMean(GrayImage image, int radius, Span<short> difference)
    {
        var (width, height, pixels) = image;
        var integral = ArrayPool<int>.Shared.Rent((width + 1) * (height + 1));
        integral.AsSpan(0, width + 1).Clear();
        for (var y = 0; y < height; y++)
        {
            var sum = 0;
            var index = (y + 1) * (width + 1);
            integral[index] = 0;
            for (var x = 0; x < width; x++)
            {
                sum += pixels[(y * width) + x];
                integral[index + x + 1] = integral[index + x - width] + sum;
            }
        }

        for (var y = 0; y < height; y++)
        {
            var top = Math.Max(0, y - radius) * (width + 1);
            var bottom = Math.Min(height, y + radius + 1) * (width + 1);
            var rows = (bottom - top) / (width + 1);
            for (var x = 0; x < width; x++)
            {
                var left = Math.Max(0, x - radius);
                var right = Math.Min(width, x + radius + 1);
                var sum = integral[bottom + right] - integral[bottom + left] - integral[top + right] + integral[top + left];
                difference[(y * width) + x] = (short)(pixels[(y * width) + x] - (sum / (float)(rows * (right - left))));
            }
        }

        ArrayPool<int>.Shared.Return(integral);
    }

    /// <summary>Enlarges by an integer factor with linear interpolation between pixel centres.</summary>
    public static GrayImage Enlarge(GrayImage image, int factor)
    {
        var (width, height, pixels) = image;
        int newWidth = width * factor, newHeight = height * factor;
        var result = new byte[newWidth * newHeight];
        for (var y = 0; y < newHeight; y++)
        {
            var v = Math.Clamp(((y + 0.5f) / factor) - 0.5f, 0, height - 1);
            var y0 = (int)v;
            var y1 = Math.Min(y0 + 1, height - 1);
            for (var x = 0; x < newWidth; x++)
            {
                var u = Math.Clamp(((x + 0.5f) / factor) - 0.5f, 0, width - 1);
                var x0 = (int)u;
                var x1 = Math.Min(x0 + 1, width - 1);
                var above = pixels[(y0 * width) + x0] + ((u - x0) * (pixels[(y0 * width) + x1] - pixels[(y0 * width) + x0]));
                var below = pixels[(y1 * width) + x0] + ((u - x0) * (pixels[(y1 * width) + x1] - pixels[(y1 * width) + x0]));
                result[(y * newWidth) + x] = (byte)(above + ((v - y0) * (below - above)) + 0.5f);
            }
        }

        return new GrayImage(newWidth, newHeight, result);
    }
}
