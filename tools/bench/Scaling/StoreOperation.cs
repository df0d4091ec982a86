namespace Multimodal.Bench.Scaling;

/// <summary>An operation on the request database.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Times">Number of repetitions of a measurement.</param>
/// <param name="Run">Runs it once.</param>
internal sealed record StoreOperation(string Name, int Times, Func<Task> Run)
{
    /// <summary>The fastest growth that is allowed: as lookups in an index, which has about twice as many levels with ten million rows as with a thousand.</summary>
    public GrowthBound Bound { get; init; } = GrowthBound.Ratio(3);
}
