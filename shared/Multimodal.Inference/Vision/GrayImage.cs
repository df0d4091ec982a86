namespace Multimodal.Inference.Vision;

/// <summary>An upright gray image with 8 bits per pixel.</summary>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Pixels"><c>Width * Height</c> bytes, rows from top to bottom, 0 is black.</param>
public sealed record GrayImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Copies a part, which must be inside the image.</summary>
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
