namespace Multimodal.Inference.Vision.Filters;

/// <summary>A rectangle of an image in fractional pixels. It can extend beyond the image.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width, positive.</param>
/// <param name="Height">The height, positive.</param>
internal readonly record struct ResampleWindow(double X, double Y, double Width, double Height);
