namespace Multimodal.Inference.Vision.Formats;

/// <summary>The rectangle of a frame, in pixels of the picture; it may reach beyond the picture.</summary>
internal readonly record struct FrameArea(int Left, int Top, int Width, int Height)
{
    /// <summary>Whether the frame is the whole picture.</summary>
    public bool Covers(int width, int height) => this == new FrameArea(0, 0, width, height);
}
