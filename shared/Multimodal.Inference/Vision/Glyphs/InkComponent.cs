namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>A connected set of ink pixels. Right and Bottom are exclusive.</summary>
internal struct InkComponent
{
    public int Left;
    public int Top;
    public int Right;
    public int Bottom;
    public int Area;

    /// <summary>Sides of pixels that face a pixel outside the component; the image's edge counts as outside.</summary>
    public int Perimeter;

    /// <summary>Sum of |difference| over its pixels.</summary>
    public long Strength;

    public readonly int Width => Right - Left;

    public readonly int Height => Bottom - Top;

    public readonly int Extent => Math.Max(Width, Height);
}
