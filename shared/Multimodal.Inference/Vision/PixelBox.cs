namespace Multimodal.Inference.Vision;

/// <summary>A rectangle of whole pixels. Right and bottom are exclusive.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom);
