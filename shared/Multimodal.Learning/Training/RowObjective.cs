using System.Numerics.Tensors;

namespace Multimodal.Learning.Training;

/// <summary>A gate objective in which only some parameters are free. The free parameters are their distances from an initial value.</summary>
/// <param name="whole">The objective over all parameters.</param>
/// <param name="free">Indices of the free parameters.</param>
/// <param name="start">The initial value of all parameters.</param>
/// <param name="tie">Weight of the squared distance from the initial value.</param>
internal sealed class RowObjective(GateObjective whole, int[] free, double[] start, double tie) : IObjective
{
    private readonly double[] _gradient = new double[start.Length];
    private readonly double[] _decay = [.. free.Select(_ => 1.0)];

    /// <summary>Number of free parameters.</summary>
    public int Length => free.Length;

    public int Count => whole.Count;

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
        var loss = whole.AddBatch(examples, Apply(parameters), random, _gradient);
        for (var i = 0; i < free.Length; i++)
        {
            gradient[i] += _gradient[free[i]];
        }

        return loss;
    }

    /// <summary>Includes the tie: there are no held-out examples, so without it the row would overfit the sample.</summary>
    public double DevLoss(ReadOnlySpan<double> parameters) =>
        whole.DevLoss(Apply(parameters)) + tie / 2 * TensorPrimitives.SumOfSquares(parameters);
}
