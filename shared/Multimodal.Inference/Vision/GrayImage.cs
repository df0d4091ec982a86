namespace Multimodal.Inference.Vision;

/// <summary>An upright gray image, 8 bits.</summary>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
/// <param name="Pixels">Rows top to bottom; <c>Width * Height</c> bytes, 0 is black.</param>
public sealed record GrayImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>A copy of a part, which must lie within the image.</summary>
    internal GrayImage Part(int left, int top, int width, int height)
    {
        var part = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            Pixels.AsSpan(((top + y) * Width) + left, width).CopyTo(part.AsSpan(y * width));
        }

        return new GrayImage(width, height, part);
    }
}
