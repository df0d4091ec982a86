namespace Multimodal.Inference.Vision.Filters;

/// <summary>The weights of a triangle filter in one direction.</summary>
internal readonly struct TriangleTaps
{
    private readonly int _length;
    private readonly int[] _first;
    private readonly float[][] _weights;
    private readonly float[] _outside;

    /// <summary>Computes the weights.</summary>
    /// <param name="length">Number of source values.</param>
    /// <param name="start">Start of the window in source values.</param>
    /// <param name="extent">Length of the window in source values, positive.</param>
    /// <param name="count">Number of target values.</param>
    /// <param name="isInsideOnly">Whether weights beyond the source are excluded and the others normalized.</param>
    public TriangleTaps(int length, double start, double extent, int count, bool isInsideOnly)
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

    /// <summary>Computes the target values.</summary>
    /// <param name="source">The source values.</param>
    /// <param name="stride">Distance between source values.</param>
    /// <param name="outside">The value beyond the source.</param>
    /// <param name="target">Receives the target values.</param>
    /// <param name="targetStride">Distance between target values.</param>
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
