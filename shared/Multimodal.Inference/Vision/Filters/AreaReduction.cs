using System.Buffers;
using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>Reduces an image by any factor. Each pixel of the result is the mean of the area that it covers; pixels at its border count in part.</summary>
internal static class AreaReduction
{
    /// <summary>Reduces an image so that its longer edge has a given length.</summary>
    /// <param name="image">The image.</param>
    /// <param name="maxEdge">Longest edge of the result in pixels, at least 1.</param>
    /// <returns>The same image if it is small enough.</returns>
    public static RgbImage Reduce(RgbImage image, int maxEdge)
    {
        var (width, height, pixels) = image;
        var edge = Math.Max(width, height);
        if (edge <= maxEdge)
        {
            return image;
        }

        int newWidth = Math.Max(1, ((width * maxEdge) + (edge / 2)) / edge), newHeight = Math.Max(1, ((height * maxEdge) + (edge / 2)) / edge);
        var reduced = new byte[3 * newWidth * newHeight];
        var buffer = ArrayPool<float>.Shared.Rent(3 * width);
        var sums = buffer.AsSpan(0, 3 * width);
        for (var y = 0; y < newHeight; y++)
        {
            sums.Clear();
            var cover = Cover.Of(y, newHeight, height);
            for (var row = cover.First; row <= cover.Last; row++)
            {
                Add(pixels.AsSpan(3 * width * row, 3 * width), cover.Weight(row), sums);
            }

            Average(sums, width, reduced.AsSpan(3 * newWidth * y, 3 * newWidth));
        }

        ArrayPool<float>.Shared.Return(buffer);
        return new RgbImage(newWidth, newHeight, reduced);
    }

    /// <summary>Adds a weighted row.</summary>
    private static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        var i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var levels = Vector256.WidenLower(Vector128.Create(row[i..]).ToVector256Unsafe());
            var upper = sums[(i + Vector256<float>.Count)..];
            (Vector256.Create<float>(sums[i..]) + (weight * Vector256.ConvertToSingle(Vector256.WidenLower(levels).AsInt32()))).CopyTo(sums[i..]);
            (Vector256.Create<float>(upper) + (weight * Vector256.ConvertToSingle(Vector256.WidenUpper(levels).AsInt32()))).CopyTo(upper);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += weight * row[i];
        }
    }

    private static void Average(ReadOnlySpan<float> sums, int width, Span<byte> target)
    {
        var newWidth = target.Length / 3;
        for (var x = 0; x < newWidth; x++)
        {
            var cover = Cover.Of(x, newWidth, width);
            float red = 0, green = 0, blue = 0;
            for (var column = cover.First; column <= cover.Last; column++)
            {
                var weight = cover.Weight(column);
                var pixel = sums.Slice(3 * column, 3);
                red += weight * pixel[0];
                green += weight * pixel[1];
                blue += weight * pixel[2];
            }

            (target[3 * x], target[(3 * x) + 1], target[(3 * x) + 2]) = ((byte)(red + 0.5f), (byte)(green + 0.5f), (byte)(blue + 0.5f));
        }
    }

    /// <summary>The pixels that a pixel of the result covers in one direction.</summary>
    private readonly record struct Cover(int First, int Last, float FirstWeight, float LastWeight, float InnerWeight)
    {
        /// <summary>Computes the pixels that pixel <paramref name="index"/> of <paramref name="count"/> covers, of <paramref name="length"/>.</summary>
        public static Cover Of(int index, int count, int length)
        {
            // In units of 1 / count, so that the borders are exact.
            int start = index * length, end = start + length;
            int first = start / count, last = (end - 1) / count;
            return new Cover(first, last, (Math.Min(end, (first + 1) * count) - start) / (float)length, (end - (last * count)) / (float)length, count / (float)length);
        }

        public float Weight(int pixel) => pixel == First ? FirstWeight : pixel == Last ? LastWeight : InnerWeight;
    }
}
