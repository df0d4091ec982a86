namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Measures how well a candidate box and its surroundings are two flat levels, ink and paper.</summary>
internal static class CandidateMeasurement
{
    /// <summary>Width of the ring around the box, as a share of its extent.</summary>
    private const float RingShare = 0.2f;

    /// <summary>Fills the measured members of a candidate.</summary>
    public static GlyphCandidate Measure(GrayImage smooth, ReadOnlySpan<short> difference, int threshold, in GlyphCandidate box)
    {
        var (width, height, p) = smooth;
        var ring = Math.Max(2, (int)(RingShare * box.Extent));
        int left = Math.Max(0, box.Left - ring), right = Math.Min(width, box.Right + ring);
        int top = Math.Max(0, box.Top - ring), bottom = Math.Min(height, box.Bottom + ring);

        // A large box needs no more than some ten thousand samples.
        var step = Math.Max(1, Math.Max(right - left, bottom - top) / 100);
        PlaneFit inkSums = default, paperSums = default;
        int ringPixels = 0, ringInk = 0;
        for (var y = top; y < bottom; y += step)
        {
            for (var x = left; x < right; x += step)
            {
                var at = (y * width) + x;
                var isInk = box.Sign * difference[at] > threshold;
                var isRing = x < box.Left || x >= box.Right || y < box.Top || y >= box.Bottom;
                ringPixels += isRing ? 1 : 0;
                ringInk += isRing && isInk ? 1 : 0;
                if (isInk)
                {
                    inkSums.Add(x - left, y - top, p[at]);
                }
                else
                {
                    paperSums.Add(x - left, y - top, p[at]);
                }
            }
        }

        // Light that falls off over the glyph is no spread of its paper.
        var (_, slopeX, slopeY) = paperSums.Solve(0, 0, 0);
        var ink = inkSums.Without(slopeX, slopeY);
        var paper = paperSums.Without(slopeX, slopeY);

        var within = ink.SumOfSquares + paper.SumOfSquares;
        var gap = ink.Mean - paper.Mean;
        var between = ink.Count + paper.Count == 0 ? 0 : gap * gap * ink.Count * paper.Count / (ink.Count + paper.Count);
        return box with
        {
            Contrast = (float)Math.Max(0, box.Sign * gap),
            Spread = (float)Math.Sqrt(within / Math.Max(1, ink.Count + paper.Count)),
            Separation = (float)(between / Math.Max(1e-9, between + within)),
            Crowding = ringPixels == 0 ? 1 : (float)ringInk / ringPixels,
            EdgesTouched = (box.Left == 0 ? 1 : 0) + (box.Top == 0 ? 1 : 0) + (box.Right == width ? 1 : 0) + (box.Bottom == height ? 1 : 0),
        };
    }
}
