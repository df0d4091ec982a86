namespace Multimodal.Inference.Vision.Backends;

/// <summary>What the header of an image file states.</summary>
/// <param name="Width">Width in pixels, upright (after EXIF orientation).</param>
/// <param name="Height">Height in pixels, upright.</param>
/// <param name="Unsupported">The property that the backend does not support, for example "in CMYK"; null if there is none.</param>
internal readonly record struct ImageHeader(int Width, int Height, string? Unsupported = null);
