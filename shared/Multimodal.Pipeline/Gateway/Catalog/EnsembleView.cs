namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>An ensemble as clients read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Labels">The labels it can answer with.</param>
/// <param name="Experts">Its experts, in the gate's order.</param>
/// <param name="Gate">The promoted version of its gate.</param>
/// <param name="Strategies">Values allowed for <c>options.strategy</c>.</param>
/// <param name="Fusions">Values allowed for <c>options.fusion</c>.</param>
/// <param name="Defaults">The options of a request that sets none.</param>
internal sealed record EnsembleView(
    string Name, string Version, IReadOnlyList<string> Labels, IReadOnlyList<string> Experts, string Gate,
    IReadOnlyList<string> Strategies, IReadOnlyList<string> Fusions, EnsembleDefaultsView Defaults)
{
    /// <summary>Its versions of gate and combiner, promoted version first.</summary>
    public IReadOnlyList<VersionView> Versions { get; init; } = [];

    /// <summary>Its shadow experts.</summary>
    public IReadOnlyList<ShadowView> Shadows { get; init; } = [];
}
