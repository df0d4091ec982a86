using System.Buffers;
using System.Runtime.Intrinsics;

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
        var vertical = ArrayPool<short>.Shared.Rent(width);
        for (var y = 1; y < height - 1; y++)
        {
            // The filter is the second difference of the second differences of the columns.
            var second = vertical.AsSpan(0, width);
            SecondDifferences(pixels.AsSpan((y - 1) * width, 3 * width), second);
            sum += AbsoluteSecondDifferences(second);
        }

        ArrayPool<short>.Shared.Return(vertical);
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
                AddNeighbours(row, sum);
            }

            for (var y = 0; y < height; y++)
            {
                ReadOnlySpan<ushort> above = sums.AsSpan(Math.Max(0, y - 1) * width, width);
                ReadOnlySpan<ushort> here = sums.AsSpan(y * width, width);
                ReadOnlySpan<ushort> below = sums.AsSpan(Math.Min(height - 1, y + 1) * width, width);
                var row = target.AsSpan(y * width, width);
                RoundedMean(above, here, below, row);
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
        var buffer = ArrayPool<int>.Shared.Rent((2 * width) + 1);
        var columns = buffer.AsSpan(0, width);
        var prefix = buffer.AsSpan(width, width + 1);
        columns.Clear();
        for (var y = 0; y < Math.Min(height, radius); y++)
        {
            AddRow(columns, pixels.AsSpan(y * width, width), 1);
        }

        for (var y = 0; y < height; y++)
        {
            // The sums of the columns move down by a row.
            if (y + radius < height)
            {
                AddRow(columns, pixels.AsSpan((y + radius) * width, width), 1);
            }

            if (y - radius > 0)
            {
                AddRow(columns, pixels.AsSpan((y - radius - 1) * width, width), -1);
            }

            prefix[0] = 0;
            for (var x = 0; x < width; x++)
            {
                prefix[x + 1] = prefix[x] + columns[x];
            }

            var rows = Math.Min(height, y + radius + 1) - Math.Max(0, y - radius);
            SubtractMeans(pixels.AsSpan(y * width, width), prefix, (radius, rows), difference.Slice(y * width, width));
        }

        ArrayPool<int>.Shared.Return(buffer);
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

    /// <summary>Computes above - 2 here + below for the columns of three rows.</summary>
    private static void SecondDifferences(ReadOnlySpan<byte> rows, Span<short> result)
    {
        var width = result.Length;
        ReadOnlySpan<byte> above = rows[..width], here = rows.Slice(width, width), below = rows[(2 * width)..];
        var x = 0;
        for (; x <= width - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Load(above, x) + Load(below, x) - (Load(here, x) << 1)).CopyTo(result[x..]);
        }

        for (; x < width; x++)
        {
            result[x] = (short)(above[x] - (2 * here[x]) + below[x]);
        }
    }

    /// <summary>Sums the absolute second differences of a row, which are at most 2,040 for pixels.</summary>
    private static long AbsoluteSecondDifferences(ReadOnlySpan<short> row)
    {
        var x = 1;
        var sums = Vector256<int>.Zero;
        for (; x <= row.Length - 1 - Vector256<short>.Count; x += Vector256<short>.Count)
        {
            var response = Vector256.Abs(Vector256.Create(row[(x - 1)..]) + Vector256.Create(row[(x + 1)..]) - (Vector256.Create(row[x..]) << 1));
            sums += Vector256.WidenLower(response) + Vector256.WidenUpper(response);
        }

        long sum = Vector256.Sum(sums);
        for (; x < row.Length - 1; x++)
        {
            sum += Math.Abs(row[x - 1] - (2 * row[x]) + row[x + 1]);
        }

        return sum;
    }

    /// <summary>Computes left + 2 here + right for all pixels but the first and the last.</summary>
    private static void AddNeighbours(ReadOnlySpan<byte> row, Span<ushort> sums)
    {
        var x = 1;
        for (; x <= row.Length - 1 - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Load(row, x - 1) + (Load(row, x) << 1) + Load(row, x + 1)).AsUInt16().CopyTo(sums[x..]);
        }

        for (; x < row.Length - 1; x++)
        {
            sums[x] = (ushort)(row[x - 1] + (2 * row[x]) + row[x + 1]);
        }
    }

    /// <summary>Computes (above + 2 here + below) / 16, rounded.</summary>
    private static void RoundedMean(ReadOnlySpan<ushort> above, ReadOnlySpan<ushort> here, ReadOnlySpan<ushort> below, Span<byte> row)
    {
        var x = 0;
        var half = Vector256.Create((ushort)8);
        for (; x <= row.Length - (2 * Vector256<ushort>.Count); x += 2 * Vector256<ushort>.Count)
        {
            var upper = x + Vector256<ushort>.Count;
            var first = (Vector256.Create(above[x..]) + (Vector256.Create(here[x..]) << 1) + Vector256.Create(below[x..]) + half) >>> 4;
            var second = (Vector256.Create(above[upper..]) + (Vector256.Create(here[upper..]) << 1) + Vector256.Create(below[upper..]) + half) >>> 4;
            Vector256.Narrow(first, second).CopyTo(row[x..]);
        }

        for (; x < row.Length; x++)
        {
            row[x] = (byte)((above[x] + (2 * here[x]) + below[x] + 8) >> 4);
        }
    }

    private static void AddRow(Span<int> columns, ReadOnlySpan<byte> row, int sign)
    {
        var x = 0;
        for (; x <= row.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var levels = Load(row, x) * (short)sign;
            (Vector256.Create<int>(columns[x..]) + Vector256.WidenLower(levels)).CopyTo(columns[x..]);
            var upper = columns[(x + Vector256<int>.Count)..];
            (Vector256.Create<int>(upper) + Vector256.WidenUpper(levels)).CopyTo(upper);
        }

        for (; x < row.Length; x++)
        {
            columns[x] += sign * row[x];
        }
    }

    /// <summary>Subtracts from each pixel the mean of its window, whose sum is a difference of two prefix sums.</summary>
    private static void SubtractMeans(ReadOnlySpan<byte> row, ReadOnlySpan<int> prefix, (int Radius, int Rows) window, Span<short> difference)
    {
        var (radius, rows) = window;
        var x = 0;
        for (; x < Math.Min(radius, row.Length); x++)
        {
            difference[x] = Subtract(row, prefix, window, x);
        }

        var count = Vector256.Create((float)(rows * ((2 * radius) + 1)));
        for (; x <= row.Length - radius - Vector256<int>.Count; x += Vector256<int>.Count)
        {
            var sums = Vector256.ConvertToSingle(Vector256.Create(prefix[(x + radius + 1)..]) - Vector256.Create(prefix[(x - radius)..]));
            var levels = Vector256.ConvertToSingle(Vector256.WidenLower(Load(row, x, Vector256<int>.Count)));
            var result = Vector256.ConvertToInt32(levels - (sums / count));
            Vector128.Narrow(result.GetLower(), result.GetUpper()).CopyTo(difference[x..]);
        }

        for (; x < row.Length; x++)
        {
            difference[x] = Subtract(row, prefix, window, x);
        }
    }

    private static short Subtract(ReadOnlySpan<byte> row, ReadOnlySpan<int> prefix, (int Radius, int Rows) window, int x)
    {
        var left = Math.Max(0, x - window.Radius);
        var right = Math.Min(row.Length, x + window.Radius + 1);
        return (short)(row[x] - ((prefix[right] - prefix[left]) / (float)(window.Rows * (right - left))));
    }

    /// <summary>Loads 16 pixels.</summary>
    private static Vector256<short> Load(ReadOnlySpan<byte> row, int x) =>
        Vector256.WidenLower(Vector128.Create(row[x..]).ToVector256Unsafe()).AsInt16();

    /// <summary>Loads up to 16 pixels near the end of a row.</summary>
    private static Vector256<short> Load(ReadOnlySpan<byte> row, int x, int count)
    {
        if (x <= row.Length - Vector128<byte>.Count)
        {
            return Load(row, x);
        }

        Span<byte> last = stackalloc byte[Vector128<byte>.Count];
        row.Slice(x, count).CopyTo(last);
        return Load(last, 0);
    }
}
