namespace Multimodal.Bench.Scaling;

/// <summary>The cost at one size.</summary>
/// <param name="Size">The size, above 0.</param>
/// <param name="Cost">The cost in the unit of its curve.</param>
internal readonly record struct CurvePoint(double Size, double Cost);
