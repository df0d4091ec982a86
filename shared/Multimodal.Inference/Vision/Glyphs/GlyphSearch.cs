using System.Buffers;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>
/// Searches for the glyph in a smoothed image. It thresholds the image against several estimates of the background, in both polarities. It
/// groups connected components, because a seven-segment digit has up to seven, and selects the box with the best score.
/// </summary>
internal static class GlyphSearch
{
    private const int MaxParts = 120;
    private const int MaxCandidates = 48;
    private const int MaxNesting = 3;

    /// <summary>Largest score by which a container can exceed a candidate inside it and still be replaced by it.</summary>
    private const float ContainerPenalty = 4.5f;

    /// <summary>Smallest width and height of a sheet on which the glyph is searched for again, in pixels.</summary>
    private const int MinSheetSize = 20;

    /// <summary>Smallest separation of a glyph that is found on a sheet.</summary>
    private const float MinSeparation = 0.5f;

    /// <summary>Finds the glyph.</summary>
    /// <param name="smooth">The smoothed working image.</param>
    /// <returns>The best candidate, or null if there is none.</returns>
    public static GlyphCandidate? Find(GrayImage smooth)
    {
        var (width, height, _) = smooth;
        var edge = Math.Min(width, height);
        var buffer = ArrayPool<short>.Shared.Rent(width * height);
        var difference = buffer.AsSpan(0, width * height);
        var all = new List<GlyphCandidate>(256);

        IlluminationSurface.Subtract(smooth, difference);
        var (split, level) = InkThresholds.Of(difference);
        AddCandidates(smooth, difference, +1, split, all);
        AddCandidates(smooth, difference, -1, -split, all);
        AddCandidates(smooth, difference, +1, level, all);
        AddCandidates(smooth, difference, -1, level, all);
        foreach (var divisor in (ReadOnlySpan<int>)[4, 10])
        {
            GrayFilters.SubtractLocalMean(smooth, Math.Max(4, edge / divisor), difference);
            (_, level) = InkThresholds.Of(difference);
            AddCandidates(smooth, difference, +1, level, all);
            AddCandidates(smooth, difference, -1, level, all);
        }

        ArrayPool<short>.Shared.Return(buffer);
        var best = Best(all);
        return best is { IsEmptyContainer: true } sheet && FindOnSheet(smooth, sheet) is { } faint ? faint : best;
    }

    /// <summary>
    /// Searches for a faint glyph on an empty sheet or in an empty frame. In the whole image, the contrast of the sheet raises every
    /// threshold above the contrast of the glyph. The glyph must be well separated and not touch the edges of the sheet.
    /// </summary>
    private static GlyphCandidate? FindOnSheet(GrayImage smooth, in GlyphCandidate sheet)
    {
        int insetX = Math.Max(2, sheet.Width / 8), insetY = Math.Max(2, sheet.Height / 8);
        int left = sheet.Left + insetX, top = sheet.Top + insetY;
        int width = sheet.Width - (2 * insetX), height = sheet.Height - (2 * insetY);
        if (Math.Min(width, height) < MinSheetSize)
        {
            return null;
        }

        var inside = smooth.Part(left, top, width, height);
        return Find(inside) is { EdgesTouched: 0, Separation: > MinSeparation, IsEmptyContainer: false } found
            && found.Extent * 5 > sheet.Extent
            ? found with { Left = found.Left + left, Right = found.Right + left, Top = found.Top + top, Bottom = found.Bottom + top }
            : null;
    }

    private static void AddCandidates(GrayImage smooth, ReadOnlySpan<short> difference, int sign, int threshold, List<GlyphCandidate> all)
    {
        var (width, height, _) = smooth;
        var edge = Math.Min(width, height);
        var parts = ConnectedComponents.Find(difference, width, height, sign, threshold);
        parts.RemoveAll(part => part.Area < 5);
        if (parts.Count > MaxParts)
        {
            parts.Sort((a, b) => b.Strength != a.Strength ? b.Strength.CompareTo(a.Strength) : a.Top.CompareTo(b.Top));
            parts.RemoveRange(MaxParts, parts.Count - MaxParts);
        }

        var minHeight = Math.Max(8, edge / 40);
        List<GlyphCandidate> boxes = [];
        var mask = all.Count;
        var singles = parts.Count;
        parts.AddRange(ComponentGroups.Join(parts));
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.Height >= minHeight && part.Width <= 2 * part.Height && part.Area * 20L >= (long)part.Width * part.Height)
            {
                boxes.Add(new GlyphCandidate
                {
                    Left = part.Left,
                    Top = part.Top,
                    Right = part.Right,
                    Bottom = part.Bottom,
                    Area = part.Area,
                    Perimeter = part.Perimeter,
                    Sign = sign,
                    Mask = mask,
                    IsGroup = i >= singles,
                });
            }
        }

        boxes.Sort((a, b) => b.Area != a.Area ? b.Area.CompareTo(a.Area) : (a.Top, a.Left).CompareTo((b.Top, b.Left)));
        foreach (var box in boxes.Take(MaxCandidates))
        {
            all.Add(CandidateMeasurement.Measure(smooth, difference, threshold, box).WithScore(edge));
        }
    }

    /// <summary>
    /// Selects the candidate with the best score. If it only contains another good candidate (a frame, a display, a sheet of paper), that
    /// one replaces it.
    /// </summary>
    private static GlyphCandidate? Best(List<GlyphCandidate> all)
    {
        if (all.Count == 0)
        {
            return null;
        }

        var best = all.MaxBy(candidate => candidate.Score);
        for (var depth = 0; depth < MaxNesting; depth++)
        {
            var outer = best;
            List<GlyphCandidate> contained =
                [.. all.Where(inner => inner.Score > outer.Score - ContainerPenalty && outer.IsContainerOf(inner))];
            if (contained.Count == 0)
            {
                break;
            }

            best = contained.MaxBy(candidate => candidate.Score);
        }

        return best;
    }
}
