using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>The picture in generated files: a seven on a gradient, with a different colour in three corners.</summary>
internal static class Drawing
{
    public const int Width = 96, Height = 72;

    /// <summary>The picture in colour.</summary>
    public static RgbImage Colour()
    {
        var pixels = new byte[3 * Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var shade = (byte)(150 + x);
                var (r, g, b) = IsStroke(x, y) ? ((byte)20, (byte)30, (byte)60)
                    : x < 12 && y < 12 ? ((byte)210, (byte)40, (byte)30)
                    : x >= Width - 12 && y < 12 ? ((byte)30, (byte)190, (byte)60)
                    : x < 12 && y >= Height - 12 ? ((byte)30, (byte)60, (byte)220)
                    : (shade, shade, (byte)(shade - 10));
                var index = 3 * ((y * Width) + x);
                (pixels[index], pixels[index + 1], pixels[index + 2]) = (r, g, b);
            }
        }

        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>The strokes in white on black, as a mask.</summary>
    public static RgbImage Mask()
    {
        var pixels = new byte[3 * Width * Height];
        for (var i = 0; i < Width * Height; i++)
        {
            pixels.AsSpan(3 * i, 3).Fill(IsStroke(i % Width, i / Width) ? (byte)255 : (byte)0);
        }

        return new RgbImage(Width, Height, pixels);
    }

    private static bool IsStroke(int x, int y) =>
        (y is >= 16 and < 24 && x is >= 30 and < 66) || (y is >= 24 and < 60 && Math.Abs(x - (66 - ((y - 20) / 2))) < 5);
}
