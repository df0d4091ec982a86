using System.Numerics.Tensors;

namespace Multimodal.Learning.Training;

/// <summary>
/// A gate objective in which only some parameters are free. The free parameters are their distances from an initial value.
/// </summary>
/// <param name="objective">The objective over all parameters.</param>
/// <param name="free">Indices of the free parameters.</param>
/// <param name="start">The initial value of all parameters.</param>
/// <param name="l2">Weight of the squared distance from the initial value.</param>
internal sealed class RowObjective(GateObjective objective, int[] free, double[] start, double l2) : IObjective
{
    private readonly double[] _gradient = new double[start.Length];
    private readonly double[] _decay = [.. free.Select(_ => 1.0)];

    /// <summary>Number of free parameters.</summary>
    public int Length => free.Length;

    public int Count => objective.Count;

    public ReadOnlySpan<double> DecayMask => _decay;

    /// <summary>All parameters, with the free ones moved.</summary>
    public double[] Apply(ReadOnlySpan<double> moved)
    {
        double[] parameters = [.. start];
        for (var i = 0; i < free.Length; i++)
        {
            parameters[free[i]] += moved[i];
        }

        return parameters;
    }

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient) =>
        AddBatch([example], parameters, random, gradient);

    public double AddBatch(ReadOnlySpan<int> examples, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        Array.Clear(_gradient);
        var loss = objective.AddBatch(examples, Apply(parameters), random, _gradient);
        for (var i = 0; i < free.Length; i++)
        {
            gradient[i] += _gradient[free[i]];
        }

        return loss;
    }

    /// <summary>Includes the L2 term: there are no held-out examples, so without it the row would overfit the sample.</summary>
    public double DevLoss(ReadOnlySpan<double> parameters) =>
        objective.DevLoss(Apply(parameters)) + l2 / 2 * TensorPrimitives.SumOfSquares(parameters);
}
