using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>A gray image into which tests draw seven-segment digits.</summary>
internal sealed class Scene
{
    private static readonly string[] Lit = ["abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcfgd"];
    private readonly double[] _levels;

    public Scene(int width, int height, double background)
    {
        (Width, Height) = (width, height);
        _levels = new double[width * height];
        Array.Fill(_levels, background);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>
    /// The bounding box of the ink of the last digit. It can be smaller than the box of the digit: a 1 has no left segments.
    /// </summary>
    public (int Left, int Top, int Right, int Bottom) Ink { get; private set; }

    public Scene Fill(int left, int top, int width, int height, double level)
    {
        for (var y = Math.Max(0, top); y < Math.Min(Height, top + height); y++)
        {
            for (var x = Math.Max(0, left); x < Math.Min(Width, left + width); x++)
            {
                _levels[(y * Width) + x] = level;
            }
        }

        return this;
    }

    /// <summary>Draws a digit into a box. Segments have a thickness of an eighth of the height and do not touch each other.</summary>
    public Scene Digit(int digit, (int Left, int Top, int Width, int Height) box, double ink)
    {
        var (left, top, width, height) = box;
        int t = Math.Max(2, height / 8), gap = Math.Max(1, t / 5), half = height / 2;
        int across = width - (2 * t) - (2 * gap), down = half - t - gap;
        foreach (var segment in Lit[digit])
        {
            _ = segment switch
            {
                'a' => Fill(left + t + gap, top, across, t, ink),
                'g' => Fill(left + t + gap, top + half - (t / 2), across, t, ink),
                'd' => Fill(left + t + gap, top + height - t, across, t, ink),
                'f' => Fill(left, top + (t / 2), t, down, ink),
                'b' => Fill(left + width - t, top + (t / 2), t, down, ink),
                'e' => Fill(left, top + half + gap, t, down, ink),
                _ => Fill(left + width - t, top + half + gap, t, down, ink),
            };
        }

        List<int> covered = [.. Enumerable.Range(0, _levels.Length).Where(i => _levels[i] == ink && IsWithin(i, left, top, width, height))];
        Ink = (covered.Min(i => i % Width), covered.Min(i => i / Width), covered.Max(i => i % Width) + 1, covered.Max(i => i / Width) + 1);
        return this;
    }

    public Scene Frame((int Left, int Top, int Width, int Height) box, int thickness, double level)
    {
        var (left, top, width, height) = box;
        return Fill(left, top, width, thickness, level)
            .Fill(left, top + height - thickness, width, thickness, level)
            .Fill(left, top, thickness, height, level)
            .Fill(left + width - thickness, top, thickness, height, level);
    }

    /// <summary>Multiplies with an illumination that falls from 1 to <paramref name="min"/> from left to right.</summary>
    public Scene Light(double min)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            _levels[i] *= 1 - ((1 - min) * (i % Width) / Width);
        }

        return this;
    }

    public Scene Vignette(double min)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            double u = (2.0 * (i % Width) / Width) - 1, v = (2.0 * (i / Width) / Height) - 1;
            _levels[i] *= 1 - ((1 - min) * Math.Min(1, ((u * u) + (v * v)) / 2));
        }

        return this;
    }

    public Scene Noise(double deviation, int seed)
    {
        Random random = new(seed);
        for (var i = 0; i < _levels.Length; i++)
        {
            // The sum of twelve uniform variables is approximately normal.
            double sum = -6;
            for (var k = 0; k < 12; k++)
            {
                sum += random.NextDouble();
            }

            _levels[i] += deviation * sum;
        }

        return this;
    }

    private bool IsWithin(int i, int left, int top, int width, int height) =>
        i % Width >= left && i % Width < left + width && i / Width >= top && i / Width < top + height;

    public GrayImage ToImage() => new(Width, Height, [.. _levels.Select(level => (byte)Math.Clamp(level + 0.5, 0, 255))]);

    public byte[] ToPng() => TestImages.Png(ToImage());
}
