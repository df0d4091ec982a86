namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>A box that can contain the glyph, and its measurements. Lengths are in pixels of the working image.</summary>
internal readonly record struct GlyphCandidate
{
    public required int Left { get; init; }

    public required int Top { get; init; }

    public required int Right { get; init; }

    public required int Bottom { get; init; }

    /// <summary>Number of ink pixels.</summary>
    public required int Area { get; init; }

    /// <summary>Length of the outline of the ink.</summary>
    public required int Perimeter { get; init; }

    /// <summary>+1 for bright ink, -1 for dark ink.</summary>
    public required int Sign { get; init; }

    /// <summary>Identifies the thresholded image that it comes from.</summary>
    public required int Mask { get; init; }

    /// <summary>Whether it is the union of several connected parts.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Mean difference between ink and background in gray levels, at least 0.</summary>
    public float Contrast { get; init; }

    /// <summary>Pooled standard deviation of the gray levels within ink and within background.</summary>
    public float Spread { get; init; }

    /// <summary>Share of the variance in and around the box, in [0, 1], that the two levels explain.</summary>
    public float Separation { get; init; }

    /// <summary>Share of ink pixels in the ring around the box, in [0, 1]. It is low for an isolated glyph.</summary>
    public float Crowding { get; init; }

    /// <summary>Number of edges of the image that it touches, 0 to 4.</summary>
    public int EdgesTouched { get; init; }

    /// <summary>Score of its similarity to a glyph; larger is better.</summary>
    public float Score { get; init; }

    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public int Extent => Math.Max(Width, Height);

    /// <summary>Mean stroke width over the extent, 2 area / perimeter / extent: about 0.4 for a disc, below 0.33 for letters.</summary>
    public float StrokeRatio => 2f * Area / (Math.Max(1, Perimeter) * (float)Extent);

    /// <summary>Outline of the ink over the outline of the box: 1 for a bar, 2.5 for an 8, more for specks and texture.</summary>
    public float Complexity => Perimeter / (2f * (Width + Height));

    /// <summary>
    /// Whether it is a sheet (filled box) or a frame (thin outline) and wider than a bar. It can contain a glyph that is too faint to
    /// appear as a hole.
    /// </summary>
    public bool IsEmptyContainer => !IsGroup && Width * 5 > Height * 2 && (Area > 0.82f * Width * Height || StrokeRatio < 0.05f);

    /// <summary>
    /// Whether this is a sheet of paper, a display or a frame that shows <paramref name="inner"/>. The holes of a digit are simple, with a
    /// complexity of 1. A sheet encloses a glyph, or a bar with much space around it.
    /// </summary>
    public bool IsContainerOf(in GlyphCandidate inner)
    {
        var marginX = Math.Min(inner.Left - Left, Right - inner.Right);
        var margin = Math.Min(marginX, Math.Min(inner.Top - Top, Bottom - inner.Bottom));
        if (margin < 1 || IsGroup || inner.Extent * 5 < Extent || inner.Contrast * 9 < Contrast || inner.Separation < 0.4f)
        {
            return false;
        }

        if (inner.Sign == Sign)
        {
            return inner.Mask == Mask && inner.Extent * 3 > Extent;
        }

        // A sheet fills its box except for the glyph. The factor accounts for the holes of the glyph.
        var fill = (Area + (1.3f * inner.Area)) / (Width * (float)Height);
        var outline = inner.Complexity - (inner.IsGroup ? 0.35f : 0f);
        var marginY = Math.Min(inner.Top - Top, Bottom - inner.Bottom);
        var showsGlyph = fill > 0.78f && ((outline > 1.32f && margin * 20 > Extent) || (outline > 1.2f && margin * 9 > Extent));
        var showsBar = fill > 0.84f && (marginX + marginY) * 2 > Extent;
        return showsGlyph || showsBar;
    }

    /// <summary>
    /// Computes the score. The weights were tuned by hand on generated scenes of the training split (decision 0011). A clear measurement
    /// changes the score by about 1.
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
