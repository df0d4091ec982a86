using Multimodal.Learning.Data;

namespace Multimodal.Bench.Scaling;

/// <summary>The dimensions by name.</summary>
internal static class DimensionTable
{
    /// <summary>All dimensions, in the order of a run.</summary>
    public static IReadOnlyList<IDimension> All { get; } =
    [
        new ExpertsDimension(), new GatesDimension(), new ServedDimension(), new LabelsDimension(), new EnsemblesDimension(), new RowsDimension(isServer: false), new RowsDimension(isServer: true),
        new SubscriptionsDimension(), new TenantsDimension(), new StreamsDimension(), new ClientsDimension(),
    ];

    /// <summary>The dimensions by name.</summary>
    public static NamedTable<IDimension> ByName { get; } = new("dimension", All.Select(dimension => KeyValuePair.Create(dimension.Name, dimension)));
}
