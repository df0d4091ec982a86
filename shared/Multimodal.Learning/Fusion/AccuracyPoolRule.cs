namespace Multimodal.Learning.Fusion;

/// <summary>Linear pool weighed by each expert's accuracy on recorded examples; an unknown expert gets the mean. The gate does not count.</summary>
internal sealed class AccuracyPoolRule : IFusionRule
{
    private readonly ExpertCoefficients _accuracies;
    private readonly LinearPoolRule _pool = new(uniform: false);

    public AccuracyPoolRule(CombinerState? state) => _accuracies = ExpertCoefficients.From(Name, state, state?.Accuracies);

    public string Name => "accuracy-weighted";

    /// <remarks>Contributions are w_i p_i(label) and sum to the confidence.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features) =>
        _pool.Fuse([.. opinions.Select(opinion => opinion with { Weight = _accuracies.Of(opinion.Expert) })], features);

    /// <inheritdoc />
    public bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding) => _pool.IsSettled(
        [.. opinions.Select(opinion => opinion with { Weight = _accuracies.Of(opinion.Expert) })],
        [.. outstanding.Select(other => other with { Weight = _accuracies.Of(other.Expert) })]);
}
