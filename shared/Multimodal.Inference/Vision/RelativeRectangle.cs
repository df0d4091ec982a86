namespace Multimodal.Inference.Vision;

/// <summary>A rectangle in fractions of an image, so that it holds at every resolution.</summary>
internal readonly record struct RelativeRectangle(double X, double Y, double Width, double Height)
{
    /// <summary>All of an image.</summary>
    public static RelativeRectangle Whole => new(0, 0, 1, 1);

    /// <summary>Area of the intersection over area of the union, 0 to 1.</summary>
    public double Overlap(RelativeRectangle other)
    {
        var across = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        var down = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        var both = Math.Max(0, across) * Math.Max(0, down);
        return both / ((Width * Height) + (other.Width * other.Height) - both);
    }

    /// <summary>The smallest rectangle of whole pixels that covers it, cut to an image of the given size, at least 1 by 1.</summary>
    public (int X, int Y, int Width, int Height) ToPixels(int width, int height)
    {
        var left = Math.Clamp((int)Math.Floor(X * width), 0, width - 1);
        var top = Math.Clamp((int)Math.Floor(Y * height), 0, height - 1);
        var right = Math.Clamp((int)Math.Ceiling((X + Width) * width), left + 1, width);
        var bottom = Math.Clamp((int)Math.Ceiling((Y + Height) * height), top + 1, height);
        return (left, top, right - left, bottom - top);
    }
}
