namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// Resamples a rectangle of an image with a separable triangle filter. The filter widens when the image is reduced, so that thin lines are
/// not lost. It is the filter of Pillow's antialiased BILINEAR.
/// </summary>
internal static class TriangleResampler
{
    /// <summary>The source values that contribute to the target in one direction.</summary>
    /// <param name="start">Start of the window in source values.</param>
    /// <param name="extent">Length of the window in source values, positive.</param>
    /// <param name="count">Number of target values.</param>
    /// <param name="length">Number of source values.</param>
    public static (int First, int End) Range(double start, double extent, int count, int length)
    {
        var support = Math.Max(1, extent / count);
        var first = Math.Clamp((int)Math.Floor(start - support), 0, length);
        return (first, Math.Clamp((int)Math.Ceiling(start + extent + support), first, length));
    }

    /// <summary>Resamples a rectangle to the size of the target.</summary>
    /// <param name="source">The image.</param>
    /// <param name="window">The rectangle of the image.</param>
    /// <param name="outside">The value beyond the image; null excludes pixels beyond the image from the means.</param>
    /// <param name="target">Receives the result.</param>
    public static void Resample(Plane source, ResampleWindow window, float? outside, Plane target)
    {
        // Horizontally first, for every source row that contributes to a target row.
        var (columns, rows) = (target.Width, target.Height);
        var (firstRow, endRow) = Range(window.Y, window.Height, rows, source.Height);
        var middle = new float[Math.Max(1, (endRow - firstRow) * columns)];
        TriangleTaps horizontal = new(source.Width, window.X, window.Width, columns, outside is null);
        for (var row = firstRow; row < endRow; row++)
        {
            var values = source.Values.Slice(row * source.Width, source.Width);
            horizontal.Apply(values, 1, outside ?? 0, middle.AsSpan((row - firstRow) * columns, columns), 1);
        }

        TriangleTaps vertical = new(endRow - firstRow, window.Y - firstRow, window.Height, rows, outside is null);
        for (var column = 0; column < columns; column++)
        {
            vertical.Apply(middle.AsSpan(column), columns, outside ?? 0, target.Values[column..], columns);
        }
    }
}
