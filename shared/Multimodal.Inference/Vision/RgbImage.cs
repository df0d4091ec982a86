namespace Multimodal.Inference.Vision;

/// <summary>An upright sRGB image, 8 bits a channel.</summary>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
/// <param name="Pixels">Rows top to bottom, R G B interleaved; <c>3 * Width * Height</c> bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Luma by ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B, rounded.</summary>
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
