namespace Multimodal.Inference.Vision;

/// <summary>An upright gray image, 8 bits.</summary>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
/// <param name="Pixels">Rows top to bottom; <c>Width * Height</c> bytes, 0 is black.</param>
public sealed record GrayImage(int Width, int Height, byte[] Pixels);
