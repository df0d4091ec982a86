using System.Buffers;

namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Labels 8-connected components of a thresholded difference image, run by run with union-find.</summary>
internal static class ConnectedComponents
{
    private const float LongestEdgeRun = 0.3f;

    /// <summary>Finds the components of the pixels where <c>sign * difference &gt; threshold</c>.</summary>
    /// <param name="difference">Image minus background.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="sign">+1 for bright ink, -1 for dark ink.</param>
    /// <param name="threshold">At least this far from the background.</param>
    /// <param name="found">Receives them in raster order of their first pixel.</param>
    public static void Find(ReadOnlySpan<short> difference, int width, int height, int sign, int threshold, List<InkComponent> found)
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

        Collect(runs, parent, found);
    }

    private static void AddRuns(ReadOnlySpan<short> row, int y, int sign, int threshold, List<Run> runs)
    {
        var x = 0;
        while (x < row.Length)
        {
            if (sign * row[x] <= threshold)
            {
                x++;
                continue;
            }

            var start = x;
            var strength = 0;
            while (x < row.Length && sign * row[x] > threshold)
            {
                strength += sign * row[x];
                x++;
            }

            // A long run to the image's edge is a ruled line, a shadow or the table: cut it away, so that a digit written
            // across it stands alone. What it takes from the digit is a few rows, and grouping closes that gap.
            var touchesEdge = start == 0 || x == row.Length;
            if (!touchesEdge || x - start < LongestEdgeRun * row.Length)
            {
                runs.Add(new Run { Y = y, Start = start, End = x, Strength = strength });
            }
        }
    }

    private static void Join(List<Run> runs, List<int> parent, int lower, int upper, int overlap)
    {
        // Pixels on top of each other hide two sides.
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

    private static void Collect(List<Run> runs, List<int> parent, List<InkComponent> found)
    {
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
