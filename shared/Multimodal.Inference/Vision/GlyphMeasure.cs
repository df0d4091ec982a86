namespace Multimodal.Inference.Vision;

/// <summary>Measures how well a candidate box and its surroundings are two flat levels, ink and paper.</summary>
internal static class GlyphMeasure
{
    /// <summary>Width of the ring around the box, as a share of its extent.</summary>
    private const float RingShare = 0.2f;

    /// <summary>Fills the measured members of a candidate.</summary>
    public static GlyphCandidate Measure(GrayImage smooth, ReadOnlySpan<short> difference, int threshold, in GlyphCandidate box)
    {
        (int width, int height, byte[] p) = smooth;
        int ring = Math.Max(2, (int)(RingShare * box.Extent));
        int left = Math.Max(0, box.Left - ring), right = Math.Min(width, box.Right + ring);
        int top = Math.Max(0, box.Top - ring), bottom = Math.Min(height, box.Bottom + ring);

        // A large box needs no more than some ten thousand samples.
        int step = Math.Max(1, Math.Max(right - left, bottom - top) / 100);
        PlaneSums light = default;
        int ringPixels = 0, ringInk = 0;
        for (int y = top; y < bottom; y += step)
        {
            for (int x = left; x < right; x += step)
            {
                int at = (y * width) + x;
                bool isInk = box.Sign * difference[at] > threshold;
                bool isRing = x < box.Left || x >= box.Right || y < box.Top || y >= box.Bottom;
                ringPixels += isRing ? 1 : 0;
                ringInk += isRing && isInk ? 1 : 0;
                if (!isInk)
                {
                    light.Add(x - left, y - top, p[at]);
                }
            }
        }

        // Light that falls off over the glyph is no spread of its paper.
        (_, double slopeX, double slopeY) = light.Solve(0, 0, 0);
        Moments ink = default, paper = default;
        for (int y = top; y < bottom; y += step)
        {
            for (int x = left; x < right; x += step)
            {
                int at = (y * width) + x;
                double level = p[at] - (slopeX * (x - left)) - (slopeY * (y - top));
                if (box.Sign * difference[at] > threshold)
                {
                    ink.Add(level);
                }
                else
                {
                    paper.Add(level);
                }
            }
        }

        double within = ink.SumOfSquares + paper.SumOfSquares;
        double gap = ink.Mean - paper.Mean;
        double between = ink.Count + paper.Count == 0 ? 0 : gap * gap * ink.Count * paper.Count / (ink.Count + paper.Count);
        return box with
        {
            Contrast = (float)Math.Max(0, box.Sign * gap),
            Spread = (float)Math.Sqrt(within / Math.Max(1, ink.Count + paper.Count)),
            Separation = (float)(between / Math.Max(1e-9, between + within)),
            Crowding = ringPixels == 0 ? 1 : (float)ringInk / ringPixels,
            EdgesTouched = (box.Left == 0 ? 1 : 0) + (box.Top == 0 ? 1 : 0) + (box.Right == width ? 1 : 0) + (box.Bottom == height ? 1 : 0),
        };
    }

    private struct Moments
    {
        private double _sum;
        private double _squares;

        public int Count { get; private set; }

        public readonly double Mean => Count == 0 ? 0 : _sum / Count;

        /// <summary>Squared distances to the mean, summed.</summary>
        public readonly double SumOfSquares => Count == 0 ? 0 : Math.Max(0, _squares - (_sum * _sum / Count));

        public void Add(double value)
        {
            _sum += value;
            _squares += value * value;
            Count++;
        }
    }
}
