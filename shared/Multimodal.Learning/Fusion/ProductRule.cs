using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Product of experts (Hinton 2002): p proportional to prod_i p_i, which is Bayes' rule for independent experts and a uniform prior.
/// Dependent experts make it over-confident. The gate's weights do not count.
/// </summary>
internal sealed class ProductRule : IFusionRule
{
    public string Name => "product";

    /// <remarks>Contributions are ln p_i(label) - mean_k ln p_i(k); their sum is ln p(label) - mean_k ln p(k) of the fused p.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var fused = new double[table.Labels];
        for (var row = 0; row < table.Count; row++)
        {
            TensorPrimitives.Add(table.Row(row), fused, fused);
        }

        LogSpace.LogSoftmax(fused, fused);
        var weights = table.Weights;
        Array.Fill(weights, 1.0 / table.Count);
        return table.ToFused(fused, weights, (row, label) => OpinionTable.Centred(table.Row(row), label));
    }

    /// <inheritdoc />
    public IReadOnlyList<(int Label, double LogProbability)> FuseWithoutEach(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        Array.Fill(table.Weights, 1);
        return LeaveOneOut.Fuse(table, table.LogProbabilities, table.Weights, static (_, _) => { })!;
    }
}
