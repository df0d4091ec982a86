using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Logarithmic pool (Genest and Zidek 1986): p proportional to prod_i p_i^(w_i), with the gate's weights or equal ones, whose sum is 1. It
/// is externally Bayesian and sharp, but one confident mistake has a large effect.
/// </summary>
internal sealed class LogPoolRule(bool uniform) : IFusionRule
{
    public string Name => uniform ? "uniform-log" : "log";

    /// <remarks>
    /// Contributions are w_i (ln p_i(label) - mean_k ln p_i(k)); their sum is ln p(label) - mean_k ln p(k) of the fused p.
    /// </remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var weights = table.Weights;
        if (uniform)
        {
            Array.Fill(weights, 1.0 / table.Count);
        }

        var fused = new double[table.Labels];
        for (var row = 0; row < table.Count; row++)
        {
            TensorPrimitives.MultiplyAdd(table.Row(row), weights[row], fused, fused);
        }

        LogSpace.LogSoftmax(fused, fused);
        return table.ToFused(fused, weights, (row, label) => weights[row] * OpinionTable.Centred(table.Row(row), label));
    }

    /// <inheritdoc />
    public IReadOnlyList<(int Label, double LogProbability)> FuseWithoutEach(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        if (uniform)
        {
            Array.Fill(table.Weights, 1);
        }

        var terms = new double[table.LogProbabilities.Length];
        for (var row = 0; row < table.Count; row++)
        {
            TensorPrimitives.Multiply(table.Row(row), table.Weights[row], terms.AsSpan(row * table.Labels, table.Labels));
        }

        return LeaveOneOut.Fuse(table, terms, table.Weights, static (sums, weight) => TensorPrimitives.Divide(sums, weight, sums)) ?? IFusionRule.FuseRests(this, opinions, features);
    }

    /// <inheritdoc />
    /// <remarks>
    /// Like the linear pool, with ln p_i for p_i: ln p of two labels differs by at most <see cref="OpinionTable.Floor"/> in any opinion.
    /// </remarks>
    public bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding)
    {
        var reach = outstanding.Sum(other => uniform ? 1 : other.Weight);
        if (opinions.Sum(opinion => uniform ? 1 : opinion.Weight) <= reach)
        {
            // No lead is larger than that of opinions that all give one label everything.
            return false;
        }

        var table = OpinionTable.From(opinions);
        var weights = uniform ? [.. opinions.Select(_ => 1.0)] : table.InTableOrder([.. opinions.Select(opinion => opinion.Weight)]);
        var sums = new double[table.Labels];
        for (var row = 0; row < table.Count; row++)
        {
            TensorPrimitives.MultiplyAdd(table.Row(row), weights[row], sums, sums);
        }

        return SettledLead.Holds(sums, -OpinionTable.Floor * reach);
    }
}
