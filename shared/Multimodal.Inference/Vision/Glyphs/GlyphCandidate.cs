namespace Multimodal.Inference.Vision.Glyphs;

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

    /// <summary>Whether it is as full as a sheet or as thin as a frame, and wider than a bar: a glyph may be on it, too faint to count as its hole.</summary>
    public bool IsEmptyContainer => !IsGroup && Width * 5 > Height * 2 && (Area > 0.82f * Width * Height || StrokeRatio < 0.05f);

    /// <summary>
    /// Whether this is a sheet of paper, a display or a frame, and <paramref name="inner"/> is what it shows. What a digit
    /// encloses are plain holes with an outline of 1; what paper encloses is a glyph, or a bar with much room around it.
    /// </summary>
    public bool IsContainerOf(in GlyphCandidate inner)
    {
        var beside = Math.Min(inner.Left - Left, Right - inner.Right);
        var room = Math.Min(beside, Math.Min(inner.Top - Top, Bottom - inner.Bottom));
        if (room < 1 || IsGroup || inner.Extent * 5 < Extent || inner.Contrast * 9 < Contrast || inner.Separation < 0.4f)
        {
            return false;
        }

        if (inner.Sign == Sign)
        {
            return inner.Mask == Mask && inner.Extent * 3 > Extent;
        }

        // Paper fills its box but for the glyph; the factor stands for the glyph's own holes.
        var fill = (Area + (1.3f * inner.Area)) / (Width * (float)Height);
        var outline = inner.Complexity - (inner.IsGroup ? 0.35f : 0f);
        var upright = Math.Min(inner.Top - Top, Bottom - inner.Bottom);
        var showsGlyph = fill > 0.78f && ((outline > 1.32f && room * 20 > Extent) || (outline > 1.2f && room * 9 > Extent));
        var showsBar = fill > 0.84f && (beside + upright) * 2 > Extent;
        return showsGlyph || showsBar;
    }

    /// <summary>
    /// Scores the measurements. The weights were set by hand on generated scenes of the training split
    /// (docs/decisions/0011): each term is worth about one when it speaks clearly.
    /// </summary>
    public GlyphCandidate WithScore(int imageEdge)
    {
        var size = Math.Clamp(MathF.Log2(Extent / (0.03f * imageEdge)), -1f, 3.2f);
        var aspect = Width / (float)Height;
        var score = 0.5f * size;
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
