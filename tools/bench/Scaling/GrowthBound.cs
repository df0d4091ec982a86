using Multimodal.Tool.Common;

namespace Multimodal.Bench.Scaling;

/// <summary>The fastest growth of a cost that is allowed.</summary>
/// <param name="Kind">Name of the figure that is bounded.</param>
/// <param name="Max">Its largest value.</param>
/// <param name="Read">Reads the figure from a curve.</param>
internal sealed record GrowthBound(string Kind, double Max, Func<Curve, double> Read)
{
    /// <summary>Bounds the cost at the largest size, relative to that at the smallest: for costs that should not depend on the size.</summary>
    public static GrowthBound Ratio(double max) => new("last / first", max, curve => curve.Ratio);

    /// <summary>Bounds the exponent at the large sizes: 1 for costs that are proportional to the size, 2 for quadratic ones.</summary>
    public static GrowthBound Exponent(double max) => new("exponent", max, curve => curve.Exponent);

    /// <summary>Compares a curve with the bound.</summary>
    public Target Check(Curve curve) => Target.AtMost($"{curve.Name}: {Kind}", Read(curve), Max);
}
