namespace Multimodal.Bench.Scaling;

/// <summary>One quantity of which a deployment may have few or many. One class per dimension, found by its name in <see cref="DimensionTable"/>.</summary>
internal interface IDimension
{
    /// <summary>Name for <c>--only</c> and of the plot's file.</summary>
    string Name { get; }

    /// <summary>The quantity, as the title of the plot's axis.</summary>
    string Quantity { get; }

    /// <summary>Measures the costs that may depend on the quantity.</summary>
    Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken);
}
