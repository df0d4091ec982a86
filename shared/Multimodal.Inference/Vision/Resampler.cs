namespace Multimodal.Inference.Vision;

/// <summary>
/// Resamples a rectangle of an image with a triangle filter that widens when the image shrinks, so that no line is lost
/// (separable; the filter of Pillow's antialiased BILINEAR).
/// </summary>
internal static class Resampler
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
        double supportY = Math.Max(1, down / rows);
        int firstRow = Math.Clamp((int)Math.Floor(y - supportY), 0, height);
        int endRow = Math.Clamp((int)Math.Ceiling(y + down + supportY), firstRow, height);
        float[] middle = new float[Math.Max(1, (endRow - firstRow) * columns)];
        Taps horizontal = new(width, x, across, columns, outside is null);
        for (int row = firstRow; row < endRow; row++)
        {
            horizontal.Apply(source.Slice(row * width, width), 1, outside ?? 0, middle.AsSpan((row - firstRow) * columns, columns), 1);
        }

        Taps vertical = new(endRow - firstRow, y - firstRow, down, rows, outside is null);
        for (int column = 0; column < columns; column++)
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
            double scale = extent / count;
            double support = Math.Max(1, scale);
            for (int i = 0; i < count; i++)
            {
                double centre = start + ((i + 0.5) * scale) - 0.5;
                int first = (int)Math.Ceiling(centre - support);
                int last = (int)Math.Floor(centre + support);
                double sum = 0;
                for (int k = first; k <= last; k++)
                {
                    sum += Math.Max(0, 1 - (Math.Abs(k - centre) / support));
                }

                int from = Math.Clamp(first, 0, length);
                int to = Math.Clamp(last + 1, from, length);
                float[] weights = new float[to - from];
                double inside = 0;
                for (int k = from; k < to; k++)
                {
                    double weight = Math.Max(0, 1 - (Math.Abs(k - centre) / support)) / sum;
                    weights[k - from] = (float)weight;
                    inside += weight;
                }

                for (int k = 0; isInsideOnly && inside > 0 && k < weights.Length; k++)
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
            for (int i = 0; i < _first.Length; i++)
            {
                float sum = _outside[i] * outside;
                float[] weights = _weights[i];
                int at = _first[i] * stride;
                for (int k = 0; k < weights.Length && _first[i] + k < _length; k++, at += stride)
                {
                    sum += weights[k] * source[at];
                }

                target[i * targetStride] = sum;
            }
        }
    }
}
