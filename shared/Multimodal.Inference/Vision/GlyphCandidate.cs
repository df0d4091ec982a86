namespace Multimodal.Inference.Vision;

/// <summary>A box that may hold the glyph, with what was measured on it. All lengths in pixels of the working image.</summary>
internal readonly record struct GlyphCandidate
{
    public required int Left { get; init; }

    public required int Top { get; init; }

    public required int Right { get; init; }

    public required int Bottom { get; init; }

    /// <summary>Ink pixels.</summary>
    public required int Area { get; init; }

    /// <summary>Length of the ink's outline.</summary>
    public required int Perimeter { get; init; }

    /// <summary>+1 for bright ink, -1 for dark ink.</summary>
    public required int Sign { get; init; }

    /// <summary>Which of the thresholded images it comes from.</summary>
    public required int Mask { get; init; }

    /// <summary>Whether it is the union of several connected parts.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Mean difference between ink and its surroundings in gray levels, positive.</summary>
    public float Contrast { get; init; }

    /// <summary>Spread of gray levels within ink and within surroundings, pooled.</summary>
    public float Spread { get; init; }

    /// <summary>Share of variance in and around the box that the two levels explain, 0 to 1.</summary>
    public float Separation { get; init; }

    /// <summary>Share of ink in the ring around the box, 0 to 1: a glyph stands alone.</summary>
    public float Crowding { get; init; }

    /// <summary>How many of the image's edges it touches.</summary>
    public int EdgesTouched { get; init; }

    /// <summary>How much it looks like the glyph; larger is better.</summary>
    public float Score { get; init; }

    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public int Extent => Math.Max(Width, Height);

    /// <summary>Mean width of the strokes over the extent: 2 area / perimeter; 0.4 for a disc, under 0.33 for letters.</summary>
    public float StrokeRatio => 2f * Area / (Math.Max(1, Perimeter) * (float)Extent);

    /// <summary>Outline over the box's outline: 1 for a bar, 2.5 for an 8, more for specks and texture.</summary>
    public float Complexity => Perimeter / (2f * (Width + Height));

    /// <summary>
    /// Whether this is a sheet of paper, a display or a frame, and <paramref name="inner"/> is what it shows. What a digit
    /// encloses is a plain hole, outline 1; what paper encloses is a glyph, or a bar with much room around it.
    /// </summary>
    public bool IsCarrierOf(in GlyphCandidate inner)
    {
        if (Left >= inner.Left || Top >= inner.Top || Right <= inner.Right || Bottom <= inner.Bottom
            || inner.Extent * 4 < Extent || inner.Contrast * 3 < Contrast || inner.Separation < 0.4f)
        {
            return false;
        }

        if (inner.Sign == Sign)
        {
            return inner.Mask == Mask && !IsGroup && inner.Extent * 3 > Extent;
        }

        int room = Math.Min(Math.Min(inner.Left - Left, Right - inner.Right), Math.Min(inner.Top - Top, Bottom - inner.Bottom));
        int roomBeside = Math.Min(inner.Left - Left, Right - inner.Right);
        return (inner.Complexity > 1.25f && room * 20 > Extent) || roomBeside * 4 > Extent;
    }

    /// <summary>
    /// Scores the measurements. The weights were set by hand on generated scenes of the training split
    /// (docs/decisions/0011): each term is worth about one when it speaks clearly.
    /// </summary>
    public GlyphCandidate WithScore(int imageEdge)
    {
        float size = Math.Clamp(MathF.Log2(Extent / (0.03f * imageEdge)), -1f, 3.2f);
        float aspect = Width / (float)Height;
        float score = 0.5f * size;
        score += 1.5f * Math.Min(1f, Contrast / 60f);
        score += 1.5f * Math.Min(1f, Contrast / (4f * (Spread + 2f)));
        score += 3f * Separation;
        score -= 8f * Math.Max(0f, StrokeRatio - 0.31f);
        score -= 0.8f * Math.Max(0f, Complexity - 3f);
        score -= 3f * Math.Max(0f, aspect - 1.05f);
        score -= 6f * Math.Max(0f, 0.16f - aspect);
        score -= 3f * Crowding;
        score -= EdgesTouched == 0 ? 0f : 1f + (0.75f * EdgesTouched);
        return this with { Score = score };
    }
}
