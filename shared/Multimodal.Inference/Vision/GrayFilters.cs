using System.Buffers;

namespace Multimodal.Inference.Vision;

/// <summary>Filters of gray images that several steps share.</summary>
internal static class GrayFilters
{
    /// <summary>
    /// Standard deviation of white noise, in gray levels, by J. Immerkaer, "Fast Noise Variance Estimation" (1996): the mean
    /// absolute response of the difference of two Laplacians, which is blind to edges of constant slope.
    /// </summary>
    public static double Noise(GrayImage image)
    {
        (int width, int height, byte[] p) = image;
        if (width < 3 || height < 3)
        {
            return 0;
        }

        long sum = 0;
        for (int y = 1; y < height - 1; y++)
        {
            ReadOnlySpan<byte> above = p.AsSpan((y - 1) * width, width);
            ReadOnlySpan<byte> here = p.AsSpan(y * width, width);
            ReadOnlySpan<byte> below = p.AsSpan((y + 1) * width, width);
            for (int x = 1; x < width - 1; x++)
            {
                int response = above[x - 1] - (2 * above[x]) + above[x + 1]
                    - (2 * here[x - 1]) + (4 * here[x]) - (2 * here[x + 1])
                    + below[x - 1] - (2 * below[x]) + below[x + 1];
                sum += Math.Abs(response);
            }
        }

        return Math.Sqrt(Math.PI / 2) * sum / (6.0 * (width - 2) * (height - 2));
    }

    /// <summary>Smooths with the binomial kernel 1-2-1 in both directions; edges are repeated.</summary>
    public static GrayImage Smooth(GrayImage image, int passes)
    {
        (int width, int height, byte[] source) = image;
        byte[] target = (byte[])source.Clone();
        ushort[] sums = ArrayPool<ushort>.Shared.Rent(width * height);
        for (int pass = 0; pass < passes; pass++)
        {
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> row = target.AsSpan(y * width, width);
                Span<ushort> sum = sums.AsSpan(y * width, width);
                sum[0] = (ushort)((3 * row[0]) + row[Math.Min(1, width - 1)]);
                sum[^1] = (ushort)((3 * row[^1]) + row[Math.Max(0, width - 2)]);
                for (int x = 1; x < width - 1; x++)
                {
                    sum[x] = (ushort)(row[x - 1] + (2 * row[x]) + row[x + 1]);
                }
            }

            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<ushort> above = sums.AsSpan(Math.Max(0, y - 1) * width, width);
                ReadOnlySpan<ushort> here = sums.AsSpan(y * width, width);
                ReadOnlySpan<ushort> below = sums.AsSpan(Math.Min(height - 1, y + 1) * width, width);
                Span<byte> row = target.AsSpan(y * width, width);
                for (int x = 0; x < width; x++)
                {
                    row[x] = (byte)((above[x] + (2 * here[x]) + below[x] + 8) >> 4);
                }
            }
        }

        ArrayPool<ushort>.Shared.Return(sums);
        return new GrayImage(width, height, target);
    }

    /// <summary>Each pixel minus the mean of the square of half-width <paramref name="radius"/> around it, cut at the edges.</summary>
    public static void SubtractLocalMean(GrayImage image, int radius, Span<short> difference)
    {
        (int width, int height, byte[] p) = image;
        int[] integral = ArrayPool<int>.Shared.Rent((width + 1) * (height + 1));
        integral.AsSpan(0, width + 1).Clear();
        for (int y = 0; y < height; y++)
        {
            int sum = 0;
            int at = (y + 1) * (width + 1);
            integral[at] = 0;
            for (int x = 0; x < width; x++)
            {
                sum += p[(y * width) + x];
                integral[at + x + 1] = integral[at + x - width] + sum;
            }
        }

        for (int y = 0; y < height; y++)
        {
            int top = Math.Max(0, y - radius) * (width + 1);
            int bottom = Math.Min(height, y + radius + 1) * (width + 1);
            int rows = (bottom - top) / (width + 1);
            for (int x = 0; x < width; x++)
            {
                int left = Math.Max(0, x - radius);
                int right = Math.Min(width, x + radius + 1);
                int sum = integral[bottom + right] - integral[bottom + left] - integral[top + right] + integral[top + left];
                difference[(y * width) + x] = (short)(p[(y * width) + x] - (sum / (float)(rows * (right - left))));
            }
        }

        ArrayPool<int>.Shared.Return(integral);
    }

    /// <summary>Enlarges by a whole factor, linear between pixel centres.</summary>
    public static GrayImage Enlarge(GrayImage image, int factor)
    {
        (int width, int height, byte[] p) = image;
        int wide = width * factor, tall = height * factor;
        byte[] result = new byte[wide * tall];
        for (int y = 0; y < tall; y++)
        {
            float v = Math.Clamp(((y + 0.5f) / factor) - 0.5f, 0, height - 1);
            int y0 = (int)v;
            int y1 = Math.Min(y0 + 1, height - 1);
            for (int x = 0; x < wide; x++)
            {
                float u = Math.Clamp(((x + 0.5f) / factor) - 0.5f, 0, width - 1);
                int x0 = (int)u;
                int x1 = Math.Min(x0 + 1, width - 1);
                float above = p[(y0 * width) + x0] + ((u - x0) * (p[(y0 * width) + x1] - p[(y0 * width) + x0]));
                float below = p[(y1 * width) + x0] + ((u - x0) * (p[(y1 * width) + x1] - p[(y1 * width) + x0]));
                result[(y * wide) + x] = (byte)(above + ((v - y0) * (below - above)) + 0.5f);
            }
        }

        return new GrayImage(wide, tall, result);
    }
}
