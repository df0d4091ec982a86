namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>One ensemble.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Labels">The answers it can give.</param>
/// <param name="Experts">Its experts, in the gate's order.</param>
/// <param name="Gate">The promoted version of its gate.</param>
/// <param name="Strategies">What <c>options.strategy</c> can be.</param>
/// <param name="Fusions">What <c>options.fusion</c> can be.</param>
/// <param name="Defaults">What a request gets that does not say.</param>
internal sealed record EnsembleView(
    string Name, string Version, IReadOnlyList<string> Labels, IReadOnlyList<string> Experts, string Gate,
    IReadOnlyList<string> Strategies, IReadOnlyList<string> Fusions, EnsembleDefaultsView Defaults)
{
    /// <summary>Its versions of gate and combiner, the promoted one first.</summary>
    public IReadOnlyList<VersionView> Versions { get; init; } = [];

    /// <summary>Its experts in shadow.</summary>
    public IReadOnlyList<ShadowView> Shadows { get; init; } = [];
}
