namespace Multimodal.Bench.Scaling;

/// <summary>Cost against size.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">Unit of the cost.</param>
/// <param name="Points">At least two points, by size.</param>
/// <param name="Bound">The fastest growth that is allowed.</param>
internal sealed record Curve(string Name, string Unit, IReadOnlyList<CurvePoint> Points, GrowthBound Bound)
{
    /// <summary>The cost at the largest size divided by that at the smallest.</summary>
    public double Ratio => Points[^1].Cost / Points[0].Cost;

    /// <summary>
    /// The power of the size with which the cost grows between the two largest sizes: 1 if it is proportional to the size. Smaller sizes are left out because
    /// fixed costs hide the growth there.
    /// </summary>
    public double Exponent => Math.Log(Points[^1].Cost / Points[^2].Cost) / Math.Log(Points[^1].Size / Points[^2].Size);

    /// <summary>The cost at a size; null if it was not measured.</summary>
    public double? CostAt(double size) => Points.Where(point => point.Size == size).Select(point => (double?)point.Cost).FirstOrDefault();
}
