using System.Numerics.Tensors;

namespace Multimodal.Learning.Gating;

/// <summary>
/// output_i = b_i - e^t |z - mu_i|, the Laplace gate of FuseMoE (2402.03226) with a bias and one learned sharpness. An expert's share falls
/// with distance as a Laplace density does, so a far input cannot drive the logits apart as fast as it drives a linear gate's. One flat
/// parameter vector, in this order: mu [experts x features], b [experts], t.
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

    // d|z - mu|/dmu = (mu - z) / |z - mu|; at distance 0, where there is no direction, 0.
    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        var sharpness = Math.Exp(parameters[Sharpness]);
        for (var e = 0; e < experts; e++)
        {
            var place = parameters.Slice(e * features, features);
            var distance = TensorPrimitives.Distance(input, place);
            gradient[Bias + e] += outputGradient[e];
            gradient[Sharpness] -= outputGradient[e] * sharpness * distance;
            var factor = distance > 0 ? -outputGradient[e] * sharpness / distance : 0;
            var own = gradient.Slice(e * features, features);
            TensorPrimitives.MultiplyAdd(place, factor, own, own);
            TensorPrimitives.MultiplyAdd(input, -factor, own, own);
        }
    }

    /// <summary>Every expert in the middle, at sharpness 1.</summary>
    public double[] InitialParameters(Random random) => new double[ParameterCount];

    public double[] DecayMask()
    {
        var decay = new double[ParameterCount];
        Array.Fill(decay, 1, 0, Bias);
        return decay;
    }

    public int[] ParametersOf(int output) => [.. Enumerable.Range(output * features, features), Bias + output];

    /// <summary>Fills in what the network has learned.</summary>
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

    /// <summary>The parameters that <see cref="ToState"/> wrote, to the last bit but of the sharpness.</summary>
    public static double[] From(GateState state) => [.. state.Weights.SelectMany(row => row), .. state.Bias, Math.Log(state.Sharpness!.Value)];
}
