using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Stacking (Wolpert 1992) with non-negative weights (Breiman 1996): p proportional to prod_i p_i^(v_i), with one fitted power v_i per
/// expert. This is multinomial logistic regression on the experts' log probabilities with one coefficient per expert. An unknown expert
/// gets the mean power; a single opinion is returned unchanged. The gate's weights do not count.
/// </summary>
internal sealed class StackingRule : IFusionRule
{
    private readonly ExpertCoefficients _powers;

    public StackingRule(CombinerState? state) => _powers = ExpertCoefficients.From(Name, state, state?.Powers);

    public string Name => "stacking";

    /// <remarks>
    /// Contributions are v_i (ln p_i(label) - mean_k ln p_i(k)); their sum is ln p(label) - mean_k ln p(k) of the fused p.
    /// </remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        double[] powers = [.. table.Experts.Select(expert => table.Count == 1 ? 1 : _powers.Of(expert))];
        var fused = new double[table.Labels];
        for (var row = 0; row < table.Count; row++)
        {
            TensorPrimitives.MultiplyAdd(table.Row(row), powers[row], fused, fused);
        }

        LogSpace.LogSoftmax(fused, fused);
        double[] weights = [.. powers];
        Distribution.Normalise(weights);
        return table.ToFused(fused, weights, (row, label) => powers[row] * OpinionTable.Centred(table.Row(row), label));
    }
}
