namespace Multimodal.Inference.Vision.Filters;

/// <summary>
/// Resamples a rectangle of an image with a triangle filter that widens when the image shrinks, so that no line is lost
/// (separable; the filter of Pillow's antialiased BILINEAR).
/// </summary>
internal static class TriangleResampler
{
    /// <summary>Resamples.</summary>
    /// <param name="source">Rows of values.</param>
    /// <param name="width">Values across.</param>
    /// <param name="height">Values down.</param>
    /// <param name="x">Left edge of the rectangle; it may reach outside.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="across">Width of the rectangle, positive.</param>
    /// <param name="down">Height of the rectangle, positive.</param>
    /// <param name="outside">Value beyond the image; null to leave what is beyond out of the mean.</param>
    /// <param name="target">Receives <paramref name="columns"/> times <paramref name="rows"/> values.</param>
    /// <param name="columns">Values across in the target.</param>
    /// <param name="rows">Values down in the target.</param>
    public static void Resample(
        ReadOnlySpan<float> source, int width, int height, double x, double y, double across, double down, float? outside,
        Span<float> target, int columns, int rows)
    {
        // Columns first, for every source row that a target row can see.
        var supportY = Math.Max(1, down / rows);
        var firstRow = Math.Clamp((int)Math.Floor(y - supportY), 0, height);
        var endRow = Math.Clamp((int)Math.Ceiling(y + down + supportY), firstRow, height);
        var middle = new float[Math.Max(1, (endRow - firstRow) * columns)];
        Taps horizontal = new(width, x, across, columns, outside is null);
        for (var row = firstRow; row < endRow; row++)
        {
            horizontal.Apply(source.Slice(row * width, width), 1, outside ?? 0, middle.AsSpan((row - firstRow) * columns, columns), 1);
        }

        Taps vertical = new(endRow - firstRow, y - firstRow, down, rows, outside is null);
        for (var column = 0; column < columns; column++)
        {
            vertical.Apply(middle.AsSpan(column), columns, outside ?? 0, target[column..], columns);
        }
    }

    /// <summary>The weights of one direction.</summary>
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
                var at = _first[i] * stride;
                for (var k = 0; k < weights.Length && _first[i] + k < _length; k++, at += stride)
                {
                    sum += weights[k] * source[at];
                }

                target[i * targetStride] = sum;
            }
        }
    }
}
