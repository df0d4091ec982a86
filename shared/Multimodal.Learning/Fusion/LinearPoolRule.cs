using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Linear pool (Stone 1961): p = sum_i w_i p_i, with the gate's weights or equal ones. It is robust, because no expert can veto a label. A
/// pool of calibrated forecasts is under-confident (Ranjan and Gneiting 2010).
/// </summary>
internal sealed class LinearPoolRule(bool uniform) : IFusionRule
{
    public string Name => uniform ? "uniform-linear" : "linear";

    /// <remarks>Contributions are w_i p_i(label); their sum is the confidence.</remarks>
    public FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var table = OpinionTable.From(opinions);
        var weights = table.Weights;
        if (uniform)
        {
            Array.Fill(weights, 1.0 / table.Count);
        }

        var fused = new double[table.Labels];
        var terms = new double[table.Count];
        for (var k = 0; k < fused.Length; k++)
        {
            for (var row = 0; row < terms.Length; row++)
            {
                terms[row] = Math.Log(weights[row]) + table.Row(row)[k];
            }

            fused[k] = LogSpace.LogSumExp(terms);
        }

        return table.ToFused(fused, weights, (row, label) => weights[row] * Math.Exp(table.Row(row)[label]));
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
        TensorPrimitives.Exp(table.LogProbabilities, terms);
        for (var row = 0; row < table.Count; row++)
        {
            var own = terms.AsSpan(row * table.Labels, table.Labels);
            TensorPrimitives.Multiply(own, table.Weights[row], own);
        }

        return LeaveOneOut.Fuse(table, terms, table.Weights, static (sums, _) => TensorPrimitives.Log(sums, sums)) ?? IFusionRule.FuseRests(this, opinions, features);
    }

    /// <inheritdoc />
    /// <remarks>
    /// S(y) - S(k) &gt; W for every other label k, with S = sum w_i p_i over the opinions and W the sum of the outstanding weights.
    /// </remarks>
    public bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding)
    {
        var reach = outstanding.Sum(other => uniform ? 1 : other.Weight);
        if (opinions.Sum(opinion => uniform ? 1 : opinion.Weight) <= reach)
        {
            // No lead is larger than the sum of the weights that have arrived.
            return false;
        }

        var table = OpinionTable.From(opinions);
        var weights = uniform ? [.. opinions.Select(_ => 1.0)] : table.InTableOrder([.. opinions.Select(opinion => opinion.Weight)]);
        var sums = new double[table.Labels];
        for (var row = 0; row < table.Count; row++)
        {
            for (var k = 0; k < sums.Length; k++)
            {
                sums[k] += weights[row] * Math.Exp(table.Row(row)[k]);
            }
        }

        return SettledLead.Holds(sums, reach);
    }
}
