namespace Multimodal.Learning.Gating;

/// <summary>
/// A guess at the label from all features, linear, and for every expert and every two what they would cost for each label, from their own
/// features. Outputs are the entries of the pairs, a number per label each, and then the scores of the guess, whose parameters are the last too.
/// </summary>
internal sealed class PairsByLabelNetwork(PairsNetwork pairs, int labels) : IGateNetwork
{
    private readonly GateNetwork _guess = new(pairs.Features, 0, labels);

    public PairsNetwork Pairs => pairs;

    public int Labels => labels;

    public int Features => pairs.Features;

    public int Hidden => pairs.Hidden;

    public int Outputs => pairs.Outputs + labels;

    public int ParameterCount => pairs.ParameterCount + _guess.ParameterCount;

    /// <summary>The network of a state, which may still be wrong.</summary>
    public static PairsByLabelNetwork Of(GateState state) => new(PairsNetwork.Of(state, state.Tables![0].Hidden, state.Weights.Count), state.Weights.Count);

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        pairs.Forward(parameters[..pairs.ParameterCount], input, units, outputs[..pairs.Outputs]);
        _guess.Forward(parameters[pairs.ParameterCount..], input, [], outputs[pairs.Outputs..]);
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        pairs.Backward(parameters[..pairs.ParameterCount], input, units, outputGradient[..pairs.Outputs], gradient[..pairs.ParameterCount]);
        _guess.Backward(parameters[pairs.ParameterCount..], input, [], outputGradient[pairs.Outputs..], gradient[pairs.ParameterCount..]);
    }

    public double[] InitialParameters(Random random) => [.. pairs.InitialParameters(random), .. _guess.InitialParameters(random)];

    public double[] DecayMask() => [.. pairs.DecayMask(), .. _guess.DecayMask()];

    public int[] ParametersOf(int output) => output < pairs.Outputs
        ? pairs.ParametersOf(output)
        : [.. _guess.ParametersOf(output - pairs.Outputs).Select(p => pairs.ParameterCount + p)];

    /// <summary>Fills in what has been learned.</summary>
    public GateState ToState(GateState state, ReadOnlySpan<double> parameters) =>
        _guess.ToState(state, parameters[pairs.ParameterCount..], labels) with { Tables = pairs.ToTables(parameters[..pairs.ParameterCount]) };

    /// <summary>The parameters that <see cref="ToState"/> wrote.</summary>
    public static double[] From(GateState state) => [.. PairsNetwork.From(state.Tables!), .. GateNetwork.From(state)];
}
