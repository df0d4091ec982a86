namespace Multimodal.Learning.Numerics;

/// <summary>Golden-section search (Kiefer 1953) for the minimum of a unimodal function.</summary>
public static class GoldenSection
{
    private static readonly double Ratio = (Math.Sqrt(5) - 1) / 2;

    /// <summary>The minimiser in [low, high].</summary>
    /// <param name="function">A unimodal function.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="tolerance">Largest error of the result, above 0.</param>
    public static double Minimise(Func<double, double> function, double low, double high, double tolerance)
    {
        var inner = high - Ratio * (high - low);
        var outer = low + Ratio * (high - low);
        var atInner = function(inner);
        var atOuter = function(outer);
        while (high - low > tolerance)
        {
            if (atInner <= atOuter)
            {
                (high, outer, atOuter) = (outer, inner, atInner);
                inner = high - Ratio * (high - low);
                atInner = function(inner);
            }
            else
            {
                (low, inner, atInner) = (inner, outer, atOuter);
                outer = low + Ratio * (high - low);
                atOuter = function(outer);
            }
        }

        return (low + high) / 2;
    }
}
