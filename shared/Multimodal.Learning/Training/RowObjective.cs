namespace Multimodal.Learning.Training;

/// <summary>An objective seen by some of its parameters, as their distance from a start; the rest stay.</summary>
internal sealed class RowObjective(GateObjective whole, int[] free, double[] start, double tie) : IObjective
{
    private readonly double[] _gradient = new double[start.Length];
    private readonly double[] _decay = [.. free.Select(_ => 1.0)];

    public int Length => free.Length;

    public int Count => whole.Count;

    public ReadOnlySpan<double> Decay => _decay;

    /// <summary>The whole vector with the free parameters moved.</summary>
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

    /// <summary>The loss with the tie: nothing is held out, so what keeps the row from learning the sample by heart must count.</summary>
    public double DevLoss(ReadOnlySpan<double> parameters) =>
        whole.DevLoss(Apply(parameters)) + tie / 2 * System.Numerics.Tensors.TensorPrimitives.SumOfSquares(parameters);
}
