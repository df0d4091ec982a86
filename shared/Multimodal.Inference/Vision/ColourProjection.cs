namespace Multimodal.Inference.Vision;

/// <summary>
/// A weighted sum of the channels in which the strong edges of an image are strongest, so that a red digit on a green wall
/// of the same brightness is seen. On gray images it is the gray value.
/// </summary>
/// <remarks>The first eigenvector of the structure tensor of Di Zenzo (1986), summed over the image.</remarks>
internal readonly record struct ColourProjection(float Red, float Green, float Blue, float Offset)
{
    private const int Iterations = 24;

    /// <summary>Finds the direction for an image.</summary>
    public static ColourProjection Of(RgbImage image)
    {
        (int width, int height, byte[] pixels) = image;
        int step = Math.Max(1, Math.Min(width, height) / 128);
        Span<double> tensor = stackalloc double[6];
        for (int y = step; y + step < height; y += step)
        {
            for (int x = step; x + step < width; x += step)
            {
                int at = 3 * ((y * width) + x);
                Accumulate(tensor, pixels, at + (3 * step), at - (3 * step));
                Accumulate(tensor, pixels, at + (3 * step * width), at - (3 * step * width));
            }
        }

        return FromTensor(tensor);
    }

    /// <summary>Projects every pixel to 0..255.</summary>
    public GrayImage Apply(RgbImage image)
    {
        byte[] gray = new byte[image.Width * image.Height];
        ReadOnlySpan<byte> rgb = image.Pixels;
        for (int i = 0; i < gray.Length; i++)
        {
            float value = (Red * rgb[3 * i]) + (Green * rgb[(3 * i) + 1]) + (Blue * rgb[(3 * i) + 2]) + Offset;
            gray[i] = (byte)Math.Clamp(value + 0.5f, 0f, 255f);
        }

        return new GrayImage(image.Width, image.Height, gray);
    }

    private static void Accumulate(Span<double> tensor, byte[] pixels, int plus, int minus)
    {
        float r = pixels[plus] - pixels[minus];
        float g = pixels[plus + 1] - pixels[minus + 1];
        float b = pixels[plus + 2] - pixels[minus + 2];

        // Weighted by their own strength: a few strong edges outvote much weak noise.
        float weight = (r * r) + (g * g) + (b * b);
        tensor[0] += weight * r * r;
        tensor[1] += weight * g * g;
        tensor[2] += weight * b * b;
        tensor[3] += weight * r * g;
        tensor[4] += weight * r * b;
        tensor[5] += weight * g * b;
    }

    private static ColourProjection FromTensor(ReadOnlySpan<double> tensor)
    {
        double r = 0.299, g = 0.587, b = 0.114;
        double trace = tensor[0] + tensor[1] + tensor[2];
        for (int i = 0; i < Iterations && trace > 0; i++)
        {
            double nextR = (tensor[0] * r) + (tensor[3] * g) + (tensor[4] * b);
            double nextG = (tensor[3] * r) + (tensor[1] * g) + (tensor[5] * b);
            double nextB = (tensor[4] * r) + (tensor[5] * g) + (tensor[2] * b);
            double length = Math.Sqrt((nextR * nextR) + (nextG * nextG) + (nextB * nextB));
            if (length < 1e-9 * trace)
            {
                break;
            }

            (r, g, b) = (nextR / length, nextG / length, nextB / length);
        }

        double sum = Math.Abs(r) + Math.Abs(g) + Math.Abs(b);
        double negative = Math.Min(r, 0) + Math.Min(g, 0) + Math.Min(b, 0);
        return new ColourProjection((float)(r / sum), (float)(g / sum), (float)(b / sum), (float)(-255 * negative / sum));
    }
}
