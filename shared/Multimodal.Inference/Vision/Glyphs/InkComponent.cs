namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>A connected set of ink pixels. <see cref="Right"/> and <see cref="Bottom"/> are exclusive.</summary>
internal struct InkComponent
{
    public int Left;
    public int Top;
    public int Right;
    public int Bottom;
    public int Area;

    /// <summary>Number of pixel sides that are adjacent to pixels outside the component or to the edge of the image.</summary>
    public int Perimeter;

    /// <summary>Sum of the absolute differences from the background over its pixels.</summary>
    public long Strength;

    public readonly int Width => Right - Left;

    public readonly int Height => Bottom - Top;

    public readonly int Extent => Math.Max(Width, Height);
}
