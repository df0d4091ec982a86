namespace Multimodal.Inference.Vision.Filters;

/// <summary>One channel of an image.</summary>
/// <param name="values">The values, rows from top to bottom, at least <paramref name="width"/> times <paramref name="height"/>.</param>
/// <param name="width">Number of columns.</param>
/// <param name="height">Number of rows.</param>
internal readonly ref struct Plane(Span<float> values, int width, int height)
{
    public Span<float> Values { get; } = values;

    public int Width => width;

    public int Height => height;
}
