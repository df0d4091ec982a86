namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Groups neighbouring components that can be parts of one glyph.</summary>
internal static class ComponentGroups
{
    /// <summary>Largest gap between parts, as a share of the extent of the smaller one. Display segments and dots are closer.</summary>
    private const float MaxGap = 0.8f;

    /// <summary>Largest gap between parts of similar size, such as the dots of a dot-matrix display.</summary>
    private const float MaxGapOfSimilar = 1.5f;

    /// <summary>Smallest ratio of mean strengths, because the parts of one glyph have similar ink.</summary>
    private const float MinStrengthRatio = 0.5f;

    /// <summary>Returns the union of each group of two or more parts.</summary>
    public static IEnumerable<InkComponent> Join(List<InkComponent> parts)
    {
        int[] group = [.. Enumerable.Range(0, parts.Count)];
        for (var i = 0; i < parts.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (group[i] != group[j] && AreNear(parts[i], parts[j]))
                {
                    var from = Math.Max(group[i], group[j]);
                    var to = Math.Min(group[i], group[j]);
                    for (var k = 0; k <= i; k++)
                    {
                        group[k] = group[k] == from ? to : group[k];
                    }
                }
            }
        }

        Dictionary<int, (InkComponent Union, int Count)> unions = [];
        for (var i = 0; i < parts.Count; i++)
        {
            unions[group[i]] = unions.TryGetValue(group[i], out var known)
                ? (Union(known.Union, parts[i]), known.Count + 1)
                : (parts[i], 1);
        }

        return unions.Where(pair => pair.Value.Count > 1).OrderBy(pair => pair.Key).Select(pair => pair.Value.Union);
    }

    private static bool AreNear(in InkComponent a, in InkComponent b)
    {
        var gapX = Math.Max(0, Math.Max(a.Left, b.Left) - Math.Min(a.Right, b.Right));
        var gapY = Math.Max(0, Math.Max(a.Top, b.Top) - Math.Min(a.Bottom, b.Bottom));
        var areSimilar = Math.Min(a.Area, b.Area) * 2 > Math.Max(a.Area, b.Area)
            && Math.Min(a.Extent, b.Extent) * 3 > Math.Max(a.Extent, b.Extent) * 2
            && Math.Max(a.Width, b.Width) < 2 * Math.Min(a.Height, b.Height);
        var maxGap = (areSimilar ? MaxGapOfSimilar : MaxGap) * Math.Min(a.Extent, b.Extent);
        if ((gapX * gapX) + (gapY * gapY) > maxGap * maxGap || Surrounds(a, b) || Surrounds(b, a))
        {
            return false;
        }

        var strengthA = a.Strength / (float)a.Area;
        var strengthB = b.Strength / (float)b.Area;
        return Math.Min(strengthA, strengthB) >= MinStrengthRatio * Math.Max(strengthA, strengthB);
    }

    /// <summary>Whether one part surrounds the other. A frame is not part of the glyph inside it.</summary>
    private static bool Surrounds(in InkComponent outer, in InkComponent inner) =>
        outer.Left < inner.Left && outer.Top < inner.Top && outer.Right > inner.Right && outer.Bottom > inner.Bottom;

    private static InkComponent Union(in InkComponent a, in InkComponent b) => new()
    {
        Left = Math.Min(a.Left, b.Left),
        Top = Math.Min(a.Top, b.Top),
        Right = Math.Max(a.Right, b.Right),
        Bottom = Math.Max(a.Bottom, b.Bottom),
        Area = a.Area + b.Area,
        Perimeter = a.Perimeter + b.Perimeter,
        Strength = a.Strength + b.Strength,
    };
}
