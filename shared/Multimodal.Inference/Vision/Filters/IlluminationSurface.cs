using System.Buffers;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// Estimates the illumination of an image as a polynomial of second order. The fit is iteratively reweighted least squares on a grid with
/// Cauchy weights, so that a digit, which the polynomial cannot represent, has little influence.
/// </summary>
internal static class IlluminationSurface
{
    private const int Terms = 6;
    private const int GridEdge = 32;
    private const int Rounds = 5;

    /// <summary>Subtracts the surface from each pixel.</summary>
    public static void Subtract(GrayImage image, Span<short> difference)
    {
        var (width, height, pixels) = image;
        Span<double> c = stackalloc double[Terms];
        Fit(image, c);
        var buffer = ArrayPool<double>.Shared.Rent(2 * width);
        Span<double> u = buffer.AsSpan(0, width), slope = buffer.AsSpan(width, width);
        for (var x = 0; x < width; x++)
        {
            u[x] = ((2 * x) + 1.0 - width) / width;
            slope[x] = c[1] + (c[3] * u[x]);
        }

        for (var y = 0; y < height; y++)
        {
            var v = ((2 * y) + 1.0 - height) / height;
            double cross = c[4] * v, down = v * (c[2] + (c[5] * v)), constant = c[0];
            ReadOnlySpan<byte> row = pixels.AsSpan(y * width, width);
            var result = difference.Slice(y * width, width);
            for (var x = 0; x < row.Length; x++)
            {
                var level = constant + (u[x] * (slope[x] + cross)) + down;
                result[x] = (short)Math.Clamp(row[x] - level, -1000, 1000);
            }
        }

        ArrayPool<double>.Shared.Return(buffer);
    }

    private static void Fit(GrayImage image, Span<double> c)
    {
        var (width, height, pixels) = image;
        Span<double> normal = stackalloc double[Terms * (Terms + 1)];
        Span<double> basis = stackalloc double[Terms];
        double scale = 0;
        for (var round = 0; round < Rounds; round++)
        {
            normal.Clear();
            double deviation = 0;
            for (var gy = 0; gy < GridEdge; gy++)
            {
                for (var gx = 0; gx < GridEdge; gx++)
                {
                    var x = ((2 * gx) + 1) * width / (2 * GridEdge);
                    var y = ((2 * gy) + 1) * height / (2 * GridEdge);
                    var u = ((2 * x) + 1.0 - width) / width;
                    var v = ((2 * y) + 1.0 - height) / height;
                    Basis(u, v, basis);
                    double value = pixels[(y * width) + x];
                    var error = value - Dot(c, basis);
                    deviation += Math.Abs(error);
                    var ratio = error / Math.Max(scale, 1);
                    Accumulate(normal, basis, value, round == 0 ? 1 : 1 / (1 + (ratio * ratio)));
                }
            }

            // The first round has no surface yet, so its errors do not measure the spread.
            scale = round == 0 ? 16 : deviation / (GridEdge * GridEdge);
            Solve(normal, c);
        }
    }

    private static void Basis(double u, double v, Span<double> basis)
    {
        (basis[0], basis[1], basis[2], basis[3], basis[4], basis[5]) = (1, u, v, u * u, u * v, v * v);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Accumulate(Span<double> normal, ReadOnlySpan<double> basis, double value, double weight)
    {
        for (var i = 0; i < Terms; i++)
        {
            for (var j = 0; j < Terms; j++)
            {
                normal[(i * (Terms + 1)) + j] += weight * basis[i] * basis[j];
            }

            normal[(i * (Terms + 1)) + Terms] += weight * basis[i] * value;
        }
    }

    /// <summary>
    /// Solves the normal equations by Gauss-Jordan elimination. A small ridge term makes images with a width of one pixel solvable.
    /// </summary>
    private static void Solve(Span<double> normal, Span<double> c)
    {
        const int Stride = Terms + 1;
        for (var i = 0; i < Terms; i++)
        {
            normal[(i * Stride) + i] += 1e-6;
        }

        for (var pivot = 0; pivot < Terms; pivot++)
        {
            var divisor = normal[(pivot * Stride) + pivot];
            for (var row = 0; row < Terms; row++)
            {
                if (row == pivot)
                {
                    continue;
                }

                var factor = normal[(row * Stride) + pivot] / divisor;
                for (var column = pivot; column < Stride; column++)
                {
                    normal[(row * Stride) + column] -= factor * normal[(pivot * Stride) + column];
                }
            }
        }

        for (var i = 0; i < Terms; i++)
        {
            c[i] = normal[(i * Stride) + Terms] / normal[(i * Stride) + i];
        }
    }
}
