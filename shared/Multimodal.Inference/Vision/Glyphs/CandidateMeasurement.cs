namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Measures how well the pixels in and around a candidate box separate into two flat levels, ink and background.</summary>
internal static class CandidateMeasurement
{
    /// <summary>Width of the ring around the box as a share of the extent of the box.</summary>
    private const float RingShare = 0.2f;

    /// <summary>Computes the measured properties of a candidate.</summary>
    /// <param name="smooth">The smoothed working image.</param>
    /// <param name="difference">Image minus background level, one value per pixel.</param>
    /// <param name="threshold">The difference that ink exceeds.</param>
    /// <param name="box">The candidate.</param>
    public static GlyphCandidate Measure(GrayImage smooth, ReadOnlySpan<short> difference, int threshold, in GlyphCandidate box)
    {
        var (width, height, pixels) = smooth;
        var ring = Math.Max(2, (int)(RingShare * box.Extent));
        int left = Math.Max(0, box.Left - ring), right = Math.Min(width, box.Right + ring);
        int top = Math.Max(0, box.Top - ring), bottom = Math.Min(height, box.Bottom + ring);

        // About ten thousand samples are enough for a large box.
        var step = Math.Max(1, Math.Max(right - left, bottom - top) / 100);
        PlaneFit inkSums = default, backgroundSums = default;
        int ringPixels = 0, ringInk = 0;
        for (var y = top; y < bottom; y += step)
        {
            for (var x = left; x < right; x += step)
            {
                var index = (y * width) + x;
                var isInk = box.Sign * difference[index] > threshold;
                var isRing = x < box.Left || x >= box.Right || y < box.Top || y >= box.Bottom;
                ringPixels += isRing ? 1 : 0;
                ringInk += isRing && isInk ? 1 : 0;
                if (isInk)
                {
                    inkSums.Add(x - left, y - top, pixels[index]);
                }
                else
                {
                    backgroundSums.Add(x - left, y - top, pixels[index]);
                }
            }
        }

        // A gradient of the illumination must not count as spread, so the slopes of the background plane are removed.
        var (_, slopeX, slopeY) = backgroundSums.Solve(0, 0, 0);
        var ink = inkSums.Without(slopeX, slopeY);
        var background = backgroundSums.Without(slopeX, slopeY);

        var within = ink.SumOfSquares + background.SumOfSquares;
        var gap = ink.Mean - background.Mean;
        var between = ink.Count + background.Count == 0 ? 0 : gap * gap * ink.Count * background.Count / (ink.Count + background.Count);
        return box with
        {
            Contrast = (float)Math.Max(0, box.Sign * gap),
            Spread = (float)Math.Sqrt(within / Math.Max(1, ink.Count + background.Count)),
            Separation = (float)(between / Math.Max(1e-9, between + within)),
            Crowding = ringPixels == 0 ? 1 : (float)ringInk / ringPixels,
            EdgesTouched = (box.Left == 0 ? 1 : 0) + (box.Top == 0 ? 1 : 0) + (box.Right == width ? 1 : 0) + (box.Bottom == height ? 1 : 0),
        };
    }
}
