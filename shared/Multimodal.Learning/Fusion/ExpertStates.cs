namespace Multimodal.Learning.Fusion;

/// <summary>The experts of one request when the combiner decides whether to ask another. All spans hold one entry per expert.</summary>
/// <param name="weights">The gate's weights, at least 0.</param>
/// <param name="modalities">Experts with the same number share a modality.</param>
/// <param name="answered">Whether the expert has given an opinion.</param>
public readonly ref struct ExpertStates(ReadOnlySpan<double> weights, ReadOnlySpan<int> modalities, ReadOnlySpan<bool> answered)
{
    /// <summary>The gate's weights, at least 0.</summary>
    public ReadOnlySpan<double> Weights { get; } = weights;

    /// <summary>Experts with the same number share a modality.</summary>
    public ReadOnlySpan<int> Modalities { get; } = modalities;

    /// <summary>Whether the expert has given an opinion.</summary>
    public ReadOnlySpan<bool> Answered { get; } = answered;

    /// <summary>Whether the expert can still be asked.</summary>
    public required ReadOnlySpan<bool> Askable { get; init; }

    /// <summary>Trust in each expert, in [0, 1]; empty for full trust.</summary>
    public ReadOnlySpan<double> Trust { get; init; }
}
