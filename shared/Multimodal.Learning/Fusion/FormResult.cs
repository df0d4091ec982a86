namespace Multimodal.Learning.Fusion;

/// <summary>Buffers that <see cref="IFusionForm.Fuse"/> writes.</summary>
/// <param name="fused">Set to ln p per label; normalised.</param>
/// <param name="support">[opinions x labels]; set to each opinion's part of the fused score of each label.</param>
/// <param name="weights">Set to one weight per opinion, at least 0; the sum is 1.</param>
internal readonly ref struct FormResult(Span<double> fused, Span<double> support, Span<double> weights)
{
    public Span<double> Fused { get; } = fused;

    public Span<double> Support { get; } = support;

    public Span<double> Weights { get; } = weights;
}
