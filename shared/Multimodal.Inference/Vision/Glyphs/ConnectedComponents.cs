using System.Buffers;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Finds the 8-connected components of a thresholded difference image, by runs and union-find.</summary>
internal static class ConnectedComponents
{
    /// <summary>Longest run that touches an edge of the image, as a share of the width.</summary>
    private const float MaxEdgeRun = 0.3f;

    /// <summary>Finds the components of the pixels where <c>sign * difference &gt; threshold</c>.</summary>
    /// <param name="difference">Image minus background level, one value per pixel.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="sign">+1 for bright ink, -1 for dark ink.</param>
    /// <param name="threshold">The difference that ink exceeds.</param>
    /// <returns>The components, in raster order of their first pixel.</returns>
    public static List<InkComponent> Find(ReadOnlySpan<short> difference, int width, int height, int sign, int threshold)
    {
        List<Run> runs = new(1024);
        List<int> parent = new(1024);
        int above = 0, aboveEnd = 0;
        for (var y = 0; y < height; y++)
        {
            var first = runs.Count;
            AddRuns(difference.Slice(y * width, width), y, sign, threshold, runs);
            for (var i = first; i < runs.Count; i++)
            {
                parent.Add(i);
                while (above < aboveEnd && runs[above].End < runs[i].Start)
                {
                    above++;
                }

                for (var j = above; j < aboveEnd && runs[j].Start <= runs[i].End; j++)
                {
                    var overlap = Math.Min(runs[i].End, runs[j].End) - Math.Max(runs[i].Start, runs[j].Start);
                    Join(runs, parent, i, j, Math.Max(0, overlap));
                }
            }

            above = first;
            aboveEnd = runs.Count;
        }

        return Collect(runs, parent);
    }

    private static void AddRuns(ReadOnlySpan<short> row, int y, int sign, int threshold, List<Run> runs)
    {
        var (low, high) = sign > 0 ? ((short)(threshold + 1), short.MaxValue) : (short.MinValue, (short)(-threshold - 1));
        var x = 0;
        while (row[x..].IndexOfAnyInRange(low, high) is >= 0 and var gap)
        {
            var start = x + gap;
            var length = row[start..].IndexOfAnyExceptInRange(low, high);
            x = length < 0 ? row.Length : start + length;
            var strength = 0;
            foreach (var value in row[start..x])
            {
                strength += sign * value;
            }

            // A long run at the edge of the image is a ruled line, a shadow or a table. It is removed, so that a digit across it becomes a
            // separate component. The digit loses a few rows, and grouping closes that gap.
            var touchesEdge = start == 0 || x == row.Length;
            if (!touchesEdge || x - start < MaxEdgeRun * row.Length)
            {
                runs.Add(new Run { Y = y, Start = start, End = x, Strength = strength });
            }
        }
    }

    private static void Join(List<Run> runs, List<int> parent, int lower, int upper, int overlap)
    {
        // Two adjacent pixels hide two sides.
        var run = runs[lower];
        run.HiddenSides += 2 * overlap;
        runs[lower] = run;
        var a = Root(parent, lower);
        var b = Root(parent, upper);
        if (a != b)
        {
            parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }

    private static int Root(List<int> parent, int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }

        return i;
    }

    private static List<InkComponent> Collect(List<Run> runs, List<int> parent)
    {
        List<InkComponent> found = new(256);
        var slot = ArrayPool<int>.Shared.Rent(Math.Max(1, runs.Count));
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            var root = Root(parent, i);
            if (root == i)
            {
                slot[i] = found.Count;
                found.Add(new InkComponent { Left = run.Start, Top = run.Y, Right = run.End, Bottom = run.Y + 1 });
            }

            var component = found[slot[root]];
            var length = run.End - run.Start;
            component.Left = Math.Min(component.Left, run.Start);
            component.Right = Math.Max(component.Right, run.End);
            component.Bottom = run.Y + 1;
            component.Area += length;
            component.Perimeter += (2 * length) + 2 - run.HiddenSides;
            component.Strength += run.Strength;
            found[slot[root]] = component;
        }

        ArrayPool<int>.Shared.Return(slot);
        return found;
    }

    private struct Run
    {
        public int Y;
        public int Start;
        public int End;
        public int Strength;
        public int HiddenSides;
    }
}
