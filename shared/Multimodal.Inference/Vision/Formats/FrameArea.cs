namespace Multimodal.Inference.Vision.Formats;

/// <summary>The rectangle of a frame on the canvas, in pixels. It can extend beyond the canvas.</summary>
internal readonly record struct FrameArea(int Left, int Top, int Width, int Height)
{
    /// <summary>Whether the frame covers exactly a canvas of the given size.</summary>
    public bool Covers(int width, int height) => this == new FrameArea(0, 0, width, height);
}
