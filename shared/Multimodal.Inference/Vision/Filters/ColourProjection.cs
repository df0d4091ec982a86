using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// A weighted sum of the channels that maximizes the contrast of the strong edges in an image. So a red digit on a green wall of the same
/// brightness is visible. For gray images it is the gray value.
/// </summary>
/// <remarks>
/// The weights are the first eigenvector of the structure tensor, summed over the image (S. Di Zenzo 1986, "A Note on the Gradient of a
/// Multi-Image").
/// </remarks>
internal readonly record struct ColourProjection(float Red, float Green, float Blue, float Offset)
{
    private const int Iterations = 24;

    /// <summary>Computes the projection for an image.</summary>
    public static ColourProjection Of(RgbImage image)
    {
        var (width, height, _) = image;
        var step = Math.Max(1, Math.Min(width, height) / 128);

        // Strong noise would dominate the edges, so the means of small squares are compared instead of pixels.
        var noise = GrayFilters.Noise(image.ToGray());
        var radius = noise < 16 ? 0 : noise < 28 ? 1 : 2;
        step += radius;
        Span<double> tensor = stackalloc double[6];
        if (radius == 0)
        {
            AddPixels(tensor, image, step);
            return FromTensor(tensor);
        }

        for (var y = step; y + step < height; y += step)
        {
            for (var x = step; x + step < width; x += step)
            {
                Accumulate(tensor, image, (x + step, y), (x - step, y), radius);
                Accumulate(tensor, image, (x, y + step), (x, y - step), radius);
            }
        }

        return FromTensor(tensor);
    }

    /// <summary>Projects every pixel to a level from 0 to 255.</summary>
    public GrayImage Apply(RgbImage image)
    {
        var gray = new byte[image.Width * image.Height];
        ReadOnlySpan<byte> rgb = image.Pixels;
        var i = 0;
        for (; i <= gray.Length - ColourPlanes.Count; i += ColourPlanes.Count)
        {
            var (red, green, blue) = ColourPlanes.Load(rgb[(3 * i)..]);
            var first = Level(Vector256.WidenLower(red), Vector256.WidenLower(green), Vector256.WidenLower(blue));
            var second = Level(Vector256.WidenUpper(red), Vector256.WidenUpper(green), Vector256.WidenUpper(blue));
            var levels = Vector256.Narrow(first, second).AsUInt16();
            Vector128.Narrow(levels.GetLower(), levels.GetUpper()).CopyTo(gray.AsSpan(i));
        }

        for (; i < gray.Length; i++)
        {
            var value = (Red * rgb[3 * i]) + (Green * rgb[(3 * i) + 1]) + (Blue * rgb[(3 * i) + 2]) + Offset;
            gray[i] = (byte)Math.Clamp(value + 0.5f, 0f, 255f);
        }

        return new GrayImage(image.Width, image.Height, gray);
    }

    private Vector256<int> Level(Vector256<int> red, Vector256<int> green, Vector256<int> blue)
    {
        var value = (Red * Vector256.ConvertToSingle(red)) + (Green * Vector256.ConvertToSingle(green)) + (Blue * Vector256.ConvertToSingle(blue)) + Vector256.Create(Offset);
        return Vector256.ConvertToInt32(Vector256.Clamp(value + Vector256.Create(0.5f), Vector256<float>.Zero, Vector256.Create(255f)));
    }

    private static void Accumulate(Span<double> tensor, RgbImage image, (int X, int Y) plus, (int X, int Y) minus, int radius)
    {
        Span<float> difference = stackalloc float[3];
        Mean(image, plus, radius, +1, difference);
        Mean(image, minus, radius, -1, difference);
        Accumulate(tensor, difference[0], difference[1], difference[2]);
    }

    /// <summary>Adds the differences of single pixels.</summary>
    private static void AddPixels(Span<double> tensor, RgbImage image, int step)
    {
        var (width, height, _) = image;
        var sums = new TensorSums();
        for (var y = step; y + step < height; y += step)
        {
            ReadOnlySpan<byte> above = image.Pixels.AsSpan(3 * (y - step) * width, 3 * width);
            ReadOnlySpan<byte> here = image.Pixels.AsSpan(3 * y * width, 3 * width);
            ReadOnlySpan<byte> below = image.Pixels.AsSpan(3 * (y + step) * width, 3 * width);
            var x = step;
            for (; step == 1 && x <= width - step - ColourPlanes.Count; x += ColourPlanes.Count)
            {
                sums.Add(ColourPlanes.Load(here[(3 * (x + 1))..]), ColourPlanes.Load(here[(3 * (x - 1))..]));
                sums.Add(ColourPlanes.Load(below[(3 * x)..]), ColourPlanes.Load(above[(3 * x)..]));
            }

            for (; x + step < width; x += step)
            {
                sums.Add(here.Slice(3 * (x + step), 3), here.Slice(3 * (x - step), 3));
                sums.Add(below.Slice(3 * x, 3), above.Slice(3 * x, 3));
            }
        }

        sums.CopyTo(tensor);
    }

    private static void Accumulate(Span<double> tensor, float r, float g, float b)
    {
        // Edges are weighted by their strength, so that a few strong edges dominate much weak noise.
        var weight = (r * r) + (g * g) + (b * b);
        tensor[0] += weight * r * r;
        tensor[1] += weight * g * g;
        tensor[2] += weight * b * b;
        tensor[3] += weight * r * g;
        tensor[4] += weight * r * b;
        tensor[5] += weight * g * b;
    }

    /// <summary>Adds the mean colour of the square with half-width <paramref name="radius"/>, clipped at the edges, times a sign.</summary>
    private static void Mean(RgbImage image, (int X, int Y) centre, int radius, int sign, Span<float> sum)
    {
        int left = Math.Max(0, centre.X - radius), right = Math.Min(image.Width - 1, centre.X + radius);
        int top = Math.Max(0, centre.Y - radius), bottom = Math.Min(image.Height - 1, centre.Y + radius);
        var share = sign / (float)((right - left + 1) * (bottom - top + 1));
        for (var y = top; y <= bottom; y++)
        {
            for (var i = 3 * ((y * image.Width) + left); i <= 3 * ((y * image.Width) + right); i += 3)
            {
                sum[0] += share * image.Pixels[i];
                sum[1] += share * image.Pixels[i + 1];
                sum[2] += share * image.Pixels[i + 2];
            }
        }
    }

    private static ColourProjection FromTensor(ReadOnlySpan<double> tensor)
    {
        double r = 0.299, g = 0.587, b = 0.114;
        var trace = tensor[0] + tensor[1] + tensor[2];
        for (var i = 0; i < Iterations && trace > 0; i++)
        {
            var nextR = (tensor[0] * r) + (tensor[3] * g) + (tensor[4] * b);
            var nextG = (tensor[3] * r) + (tensor[1] * g) + (tensor[5] * b);
            var nextB = (tensor[4] * r) + (tensor[5] * g) + (tensor[2] * b);
            var length = Math.Sqrt((nextR * nextR) + (nextG * nextG) + (nextB * nextB));
            if (length < 1e-9 * trace)
            {
                break;
            }

            (r, g, b) = (nextR / length, nextG / length, nextB / length);
        }

        var sum = Math.Abs(r) + Math.Abs(g) + Math.Abs(b);
        var negative = Math.Min(r, 0) + Math.Min(g, 0) + Math.Min(b, 0);
        return new ColourProjection((float)(r / sum), (float)(g / sum), (float)(b / sum), (float)(-255 * negative / sum));
    }
}
