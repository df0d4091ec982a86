using System.Numerics.Tensors;

namespace Multimodal.Learning.Gating;

/// <summary>
/// output_i = b_i - e^t |z - mu_i|: the Laplace gate of FuseMoE (arXiv 2402.03226) with a bias and one learned sharpness. The weight of an
/// expert falls with the distance from its centre mu_i as a Laplace density does, so far inputs separate the logits less than in a linear
/// gate. Parameters in one vector, in this order: mu [experts x features], b [experts], t.
/// </summary>
internal sealed class DistanceNetwork(int features, int experts) : IGateNetwork
{
    public int Features => features;

    public int Hidden => 0;

    public int Outputs => experts;

    public int Bias => experts * features;

    public int Sharpness => Bias + experts;

    public int ParameterCount => Sharpness + 1;

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        var sharpness = Math.Exp(parameters[Sharpness]);
        for (var e = 0; e < experts; e++)
        {
            outputs[e] = parameters[Bias + e] - sharpness * TensorPrimitives.Distance(input, parameters.Slice(e * features, features));
        }
    }

    // d|z - mu|/dmu = (mu - z) / |z - mu|; 0 at distance 0, where the gradient has no direction.
    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        var sharpness = Math.Exp(parameters[Sharpness]);
        for (var e = 0; e < experts; e++)
        {
            var centre = parameters.Slice(e * features, features);
            var distance = TensorPrimitives.Distance(input, centre);
            gradient[Bias + e] += outputGradient[e];
            gradient[Sharpness] -= outputGradient[e] * sharpness * distance;
            var factor = distance > 0 ? -outputGradient[e] * sharpness / distance : 0;
            var row = gradient.Slice(e * features, features);
            TensorPrimitives.MultiplyAdd(centre, factor, row, row);
            TensorPrimitives.MultiplyAdd(input, -factor, row, row);
        }
    }

    /// <summary>All centres at the mean of the features, with sharpness 1.</summary>
    public double[] InitialParameters(Random random) => new double[ParameterCount];

    public double[] DecayMask()
    {
        var decay = new double[ParameterCount];
        Array.Fill(decay, 1, 0, Bias);
        return decay;
    }

    public int[] ParametersOf(int output) => [.. Enumerable.Range(output * features, features), Bias + output];

    /// <summary>A state with these parameters.</summary>
    public GateState ToState(GateState state, ReadOnlySpan<double> parameters)
    {
        var all = parameters.ToArray();
        return state with
        {
            Weights = GateNetwork.Rows(all, 0, experts, features),
            Bias = all[Bias..Sharpness],
            Sharpness = Math.Exp(all[Sharpness]),
        };
    }

    /// <summary>The parameters of a state; exact except for the rounding of the sharpness.</summary>
    public static double[] From(GateState state) =>
        [.. state.Weights.SelectMany(row => row), .. state.Bias, Math.Log(state.Sharpness!.Value)];
}
