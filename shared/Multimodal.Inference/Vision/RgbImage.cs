namespace Multimodal.Inference.Vision;

/// <summary>An upright sRGB image with 8 bits per channel.</summary>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Pixels"><c>3 * Width * Height</c> bytes, rows from top to bottom, R, G and B interleaved.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Converts to luma (ITU-R BT.601): 0.299 R + 0.587 G + 0.114 B, rounded.</summary>
    public GrayImage ToGray()
    {
        var gray = new byte[Width * Height];
        ReadOnlySpan<byte> rgb = Pixels;
        for (var i = 0; i < gray.Length; i++)
        {
            gray[i] = (byte)(((19595 * rgb[3 * i]) + (38470 * rgb[(3 * i) + 1]) + (7471 * rgb[(3 * i) + 2]) + 32768) >> 16);
        }

        return new GrayImage(Width, Height, gray);
    }
}
