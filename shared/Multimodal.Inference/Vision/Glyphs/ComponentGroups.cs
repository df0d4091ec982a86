namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Joins components that stand so near each other that they may be parts of one glyph.</summary>
internal static class ComponentGroups
{
    /// <summary>A gap up to this share of the smaller part's extent joins: segments and dots stand nearer than that.</summary>
    private const float WidestGap = 0.8f;

    /// <summary>Parts of the same size, as the dots of a matrix, may stand further apart.</summary>
    private const float WidestGapOfTwins = 1.5f;

    /// <summary>Parts of one glyph have about the same ink.</summary>
    private const float LeastLikeness = 0.5f;

    /// <summary>The unions of two or more parts; single parts are not repeated.</summary>
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
        var across = Math.Max(0, Math.Max(a.Left, b.Left) - Math.Min(a.Right, b.Right));
        var down = Math.Max(0, Math.Max(a.Top, b.Top) - Math.Min(a.Bottom, b.Bottom));
        var areTwins = Math.Min(a.Area, b.Area) * 2 > Math.Max(a.Area, b.Area)
            && Math.Min(a.Extent, b.Extent) * 3 > Math.Max(a.Extent, b.Extent) * 2
            && Math.Max(a.Width, b.Width) < 2 * Math.Min(a.Height, b.Height);
        var reach = (areTwins ? WidestGapOfTwins : WidestGap) * Math.Min(a.Extent, b.Extent);
        if ((across * across) + (down * down) > reach * reach || Surrounds(a, b) || Surrounds(b, a))
        {
            return false;
        }

        var inkA = a.Strength / (float)a.Area;
        var inkB = b.Strength / (float)b.Area;
        return Math.Min(inkA, inkB) >= LeastLikeness * Math.Max(inkA, inkB);
    }

    /// <summary>A frame is no part of what it frames.</summary>
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
