namespace Multimodal.Inference.Vision.Backends;

/// <summary>What the header of an image says.</summary>
/// <param name="Width">Pixels across, upright (after EXIF orientation).</param>
/// <param name="Height">Pixels down, upright.</param>
/// <param name="Unsupported">What makes the file one of a kind that the decoder does not read, such as "in CMYK"; null if nothing.</param>
internal readonly record struct ImageHeader(int Width, int Height, string? Unsupported = null);
