using System.Buffers;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>
/// Finds the one glyph of a photo: thresholds it against several estimates of its background, in both polarities, groups
/// the connected parts (a seven-segment digit has up to seven) and takes the box that looks most like a glyph.
/// </summary>
internal static class GlyphSearch
{
    private const int MostParts = 120;
    private const int MostCandidates = 48;
    private const int DeepestNesting = 3;

    /// <summary>How much worse what is carried may score than what carries it.</summary>
    private const float CarrierYields = 4.5f;

    /// <summary>Pixels across or down of the smallest sheet that is searched again.</summary>
    private const int SmallestSheet = 20;

    /// <summary>What a glyph that only a second look found must at least have.</summary>
    private const float LeastSeparation = 0.5f;

    /// <summary>Finds the glyph.</summary>
    /// <param name="smooth">The smoothed working image.</param>
    /// <returns>Null when nothing stands out.</returns>
    public static GlyphCandidate? Find(GrayImage smooth)
    {
        var (width, height, _) = smooth;
        var edge = Math.Min(width, height);
        var buffer = ArrayPool<short>.Shared.Rent(width * height);
        var difference = buffer.AsSpan(0, width * height);
        var all = new List<GlyphCandidate>(256);

        IlluminationSurface.Subtract(smooth, difference);
        var (split, level) = Thresholds(difference);
        AddCandidates(smooth, difference, +1, split, all);
        AddCandidates(smooth, difference, -1, -split, all);
        AddCandidates(smooth, difference, +1, level, all);
        AddCandidates(smooth, difference, -1, level, all);
        foreach (var divisor in (ReadOnlySpan<int>)[4, 10])
        {
            GrayFilters.SubtractLocalMean(smooth, Math.Max(4, edge / divisor), difference);
            (_, level) = Thresholds(difference);
            AddCandidates(smooth, difference, +1, level, all);
            AddCandidates(smooth, difference, -1, level, all);
        }

        ArrayPool<short>.Shared.Return(buffer);
        var best = Best(all);
        return best is { IsEmptyContainer: true } sheet && Within(smooth, sheet) is { } faint ? faint : best;
    }

    /// <summary>
    /// Looks for a faint glyph on an empty sheet or in an empty frame: next to the contrast of the sheet it was below every
    /// threshold. It has to be clear, and clear of the sheet's edges.
    /// </summary>
    private static GlyphCandidate? Within(GrayImage smooth, in GlyphCandidate sheet)
    {
        int insetX = Math.Max(2, sheet.Width / 8), insetY = Math.Max(2, sheet.Height / 8);
        int left = sheet.Left + insetX, top = sheet.Top + insetY;
        int width = sheet.Width - (2 * insetX), height = sheet.Height - (2 * insetY);
        if (Math.Min(width, height) < SmallestSheet)
        {
            return null;
        }

        var inside = smooth.Part(left, top, width, height);
        return Find(inside) is { EdgesTouched: 0, Separation: > LeastSeparation } found && found.Extent * 5 > sheet.Extent && !found.IsEmptyContainer
            ? found with { Left = found.Left + left, Right = found.Right + left, Top = found.Top + top, Bottom = found.Bottom + top }
            : null;
    }

    /// <summary>Otsu's split of the differences, and a level that most of the background does not reach.</summary>
    private static (int Split, int Level) Thresholds(ReadOnlySpan<short> difference)
    {
        const int Half = 256;
        var histogram = new int[2 * Half];
        foreach (var value in difference)
        {
            histogram[Math.Clamp(value + Half, 0, (2 * Half) - 1)]++;
        }

        var magnitude = new int[Half + 1];
        for (var i = 0; i < histogram.Length; i++)
        {
            magnitude[Math.Abs(i - Half)] += histogram[i];
        }

        var median = Quantile(magnitude, 0.5, difference.Length);
        var peak = Quantile(magnitude, 0.998, difference.Length);
        return (Otsu(histogram, difference.Length) - Half, Math.Max(5, Math.Max((int)(0.4 * peak), 3 * median)));
    }

    private static int Quantile(int[] histogram, double quantile, int count)
    {
        var left = (long)(quantile * count);
        for (var i = 0; i < histogram.Length; i++)
        {
            left -= histogram[i];
            if (left < 0)
            {
                return i;
            }
        }

        return histogram.Length - 1;
    }

    /// <summary>The bin that maximises the variance between the two sides (N. Otsu 1979).</summary>
    private static int Otsu(int[] histogram, int count)
    {
        double total = 0;
        for (var i = 0; i < histogram.Length; i++)
        {
            total += (double)i * histogram[i];
        }

        double below = 0, belowSum = 0, best = -1;
        var split = histogram.Length / 2;
        for (var i = 0; i < histogram.Length - 1; i++)
        {
            below += histogram[i];
            belowSum += (double)i * histogram[i];
            var above = count - below;
            if (below == 0 || above == 0)
            {
                continue;
            }

            var gap = (belowSum / below) - ((total - belowSum) / above);
            var between = below * above * gap * gap;
            if (between > best)
            {
                best = between;
                split = i;
            }
        }

        return split;
    }

    private static void AddCandidates(GrayImage smooth, ReadOnlySpan<short> difference, int sign, int threshold, List<GlyphCandidate> all)
    {
        var (width, height, _) = smooth;
        var edge = Math.Min(width, height);
        List<InkComponent> parts = new(256);
        ConnectedComponents.Find(difference, width, height, sign, threshold, parts);
        parts.RemoveAll(part => part.Area < 5);
        if (parts.Count > MostParts)
        {
            parts.Sort((a, b) => b.Strength != a.Strength ? b.Strength.CompareTo(a.Strength) : a.Top.CompareTo(b.Top));
            parts.RemoveRange(MostParts, parts.Count - MostParts);
        }

        var smallest = Math.Max(8, edge / 40);
        List<GlyphCandidate> boxes = [];
        var mask = all.Count;
        var singles = parts.Count;
        parts.AddRange(ComponentGroups.Join(parts));
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.Height >= smallest && part.Width <= 2 * part.Height && part.Area * 20L >= (long)part.Width * part.Height)
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
        foreach (var box in boxes.Take(MostCandidates))
        {
            all.Add(CandidateMeasurement.Measure(smooth, difference, threshold, box).WithScore(edge));
        }
    }

    /// <summary>
    /// The best by score; but one that only carries another good one (a frame, a display, a sheet of paper) gives way to what
    /// it carries.
    /// </summary>
    private static GlyphCandidate? Best(List<GlyphCandidate> all)
    {
        if (all.Count == 0)
        {
            return null;
        }

        var best = all.MaxBy(candidate => candidate.Score);
        for (var depth = 0; depth < DeepestNesting; depth++)
        {
            var outer = best;
            List<GlyphCandidate> carried = [.. all.Where(inner => inner.Score > outer.Score - CarrierYields && outer.IsContainerOf(inner))];
            if (carried.Count == 0)
            {
                break;
            }

            best = carried.MaxBy(candidate => candidate.Score);
        }

        return best;
    }
}
