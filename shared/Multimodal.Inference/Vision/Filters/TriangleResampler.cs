namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// Resamples a rectangle of an image with a separable triangle filter, which widens when the image is reduced so that thin lines are not
/// lost. It is the filter of Pillow's antialiased BILINEAR.
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
        Taps horizontal = new(source.Width, window.X, window.Width, columns, outside is null);
        for (var row = firstRow; row < endRow; row++)
        {
            var values = source.Values.Slice(row * source.Width, source.Width);
            horizontal.Apply(values, 1, outside ?? 0, middle.AsSpan((row - firstRow) * columns, columns), 1);
        }

        Taps vertical = new(endRow - firstRow, window.Y - firstRow, window.Height, rows, outside is null);
        for (var column = 0; column < columns; column++)
        {
            vertical.Apply(middle.AsSpan(column), columns, outside ?? 0, target.Values[column..], columns);
        }
    }

    /// <summary>The filter weights of one direction.</summary>
    private readonly struct Taps
    {
        private readonly int _length;
        private readonly int[] _first;
        private readonly float[][] _weights;
        private readonly float[] _outside;

        public Taps(int length, double start, double extent, int count, bool isInsideOnly)
        {
            _length = length;
            _first = new int[count];
            _weights = new float[count][];
            _outside = new float[count];
            var scale = extent / count;
            var support = Math.Max(1, scale);
            for (var i = 0; i < count; i++)
            {
                var centre = start + ((i + 0.5) * scale) - 0.5;
                var first = (int)Math.Ceiling(centre - support);
                var last = (int)Math.Floor(centre + support);
                double sum = 0;
                for (var k = first; k <= last; k++)
                {
                    sum += Math.Max(0, 1 - (Math.Abs(k - centre) / support));
                }

                var from = Math.Clamp(first, 0, length);
                var to = Math.Clamp(last + 1, from, length);
                var weights = new float[to - from];
                double inside = 0;
                for (var k = from; k < to; k++)
                {
                    var weight = Math.Max(0, 1 - (Math.Abs(k - centre) / support)) / sum;
                    weights[k - from] = (float)weight;
                    inside += weight;
                }

                for (var k = 0; isInsideOnly && inside > 0 && k < weights.Length; k++)
                {
                    weights[k] /= (float)inside;
                }

                _first[i] = from;
                _weights[i] = weights;
                _outside[i] = isInsideOnly ? 0 : (float)Math.Max(0, 1 - inside);
            }
        }

        public void Apply(ReadOnlySpan<float> source, int stride, float outside, Span<float> target, int targetStride)
        {
            for (var i = 0; i < _first.Length; i++)
            {
                var sum = _outside[i] * outside;
                var weights = _weights[i];
                var index = _first[i] * stride;
                for (var k = 0; k < weights.Length && _first[i] + k < _length; k++, index += stride)
                {
                    sum += weights[k] * source[index];
                }

                target[i * targetStride] = sum;
            }
        }
    }
}
