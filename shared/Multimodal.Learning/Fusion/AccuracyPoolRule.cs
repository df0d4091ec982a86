namespace Multimodal.Learning.Fusion;

/// <summary>
/// Linear pool weighted by the accuracy of each expert on recorded examples; an unknown expert gets the mean accuracy. The gate's weights
/// do not count.
/// </summary>
internal sealed class AccuracyPoolRule : IFusionRule
{
    private readonly ExpertCoefficients _accuracies;
    private readonly LinearPoolRule _pool = new(uniform: false);

    public AccuracyPoolRule(CombinerState? state) => _accuracies = ExpertCoefficients.From(Name, state, state?.Accuracies);

    public string Name => "accuracy-weighted";

    /// <remarks>Contributions are w_i p_i(label); their sum is the confidence.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features) =>
        _pool.Fuse(Reweighted(opinions), features);

    /// <inheritdoc />
    public IReadOnlyList<(int Label, double LogProbability)> FuseWithoutEach(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features) =>
        _pool.FuseWithoutEach(Reweighted(opinions), features);

    /// <inheritdoc />
    public bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding) =>
        _pool.IsSettled(Reweighted(opinions), [.. outstanding.Select(other => other with { Weight = _accuracies.Of(other.Expert) })]);

    private WeightedOpinion[] Reweighted(IReadOnlyList<WeightedOpinion> opinions) =>
        [.. opinions.Select(opinion => opinion with { Weight = _accuracies.Of(opinion.Expert) })];
}
