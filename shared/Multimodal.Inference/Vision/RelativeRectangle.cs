namespace Multimodal.Inference.Vision;

/// <summary>A rectangle in fractions of the image size, independent of the resolution.</summary>
internal readonly record struct RelativeRectangle(double X, double Y, double Width, double Height)
{
    /// <summary>The whole image.</summary>
    public static RelativeRectangle Whole => new(0, 0, 1, 1);

    /// <summary>Intersection over union of two rectangles, in [0, 1].</summary>
    public double IntersectionOverUnion(RelativeRectangle other)
    {
        var intersectionWidth = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        var intersectionHeight = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        var intersection = Math.Max(0, intersectionWidth) * Math.Max(0, intersectionHeight);
        return intersection / ((Width * Height) + (other.Width * other.Height) - intersection);
    }

    /// <summary>
    /// Returns the smallest rectangle of whole pixels that covers it, clipped to an image of the given size, at least 1 x 1.
    /// </summary>
    public (int X, int Y, int Width, int Height) ToPixels(int width, int height)
    {
        var left = Math.Clamp((int)Math.Floor(X * width), 0, width - 1);
        var top = Math.Clamp((int)Math.Floor(Y * height), 0, height - 1);
        var right = Math.Clamp((int)Math.Ceiling((X + Width) * width), left + 1, width);
        var bottom = Math.Clamp((int)Math.Ceiling((Y + Height) * height), top + 1, height);
        return (left, top, right - left, bottom - top);
    }
}
