namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// Resamples a rectangle of an image with a separable triangle filter. The filter widens when the image is reduced, so that thin lines are
/// not lost. It is the filter of Pillow's antialiased BILINEAR.
/// </summary>
internal static class TriangleResampler
{
    /// <summary>Resamples a rectangle to the size of the target.</summary>
    /// <param name="source">The image.</param>
    /// <param name="window">The rectangle of the image.</param>
    /// <param name="outside">The value beyond the image; null excludes pixels beyond the image from the means.</param>
    /// <param name="target">Receives the result.</param>
    public static void Resample(Plane source, ResampleWindow window, float? outside, Plane target)
    {
        // Horizontally first, for every source row that contributes to a target row.
        var (columns, rows) = (target.Width, target.Height);
        var supportY = Math.Max(1, window.Height / rows);
        var firstRow = Math.Clamp((int)Math.Floor(window.Y - supportY), 0, source.Height);
        var endRow = Math.Clamp((int)Math.Ceiling(window.Y + window.Height + supportY), firstRow, source.Height);
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
