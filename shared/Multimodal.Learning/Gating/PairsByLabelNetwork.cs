namespace Multimodal.Learning.Gating;

/// <summary>
/// Predicts the label, linearly from all features, and for every expert and pair the cost for each label, from their own features. Outputs:
/// one per label for each entry of the pairs, then one score per label. The parameters have the same order.
/// </summary>
internal sealed class PairsByLabelNetwork(PairsNetwork pairs, int labels) : IGateNetwork
{
    private readonly GateNetwork _label = new(pairs.Features, 0, labels);

    public PairsNetwork Pairs => pairs;

    public int Labels => labels;

    public int Features => pairs.Features;

    public int Hidden => pairs.Hidden;

    public int Outputs => pairs.Outputs + labels;

    public int ParameterCount => pairs.ParameterCount + _label.ParameterCount;

    /// <summary>The network of a state; the numbers of the state need not be checked yet.</summary>
    public static PairsByLabelNetwork Of(GateState state) =>
        new(PairsNetwork.Of(state, state.Tables![0].Hidden, state.Weights.Count), state.Weights.Count);

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        pairs.Forward(parameters[..pairs.ParameterCount], input, units, outputs[..pairs.Outputs]);
        _label.Forward(parameters[pairs.ParameterCount..], input, [], outputs[pairs.Outputs..]);
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        var split = pairs.ParameterCount;
        pairs.Backward(parameters[..split], input, units, outputGradient[..pairs.Outputs], gradient[..split]);
        _label.Backward(parameters[split..], input, [], outputGradient[pairs.Outputs..], gradient[split..]);
    }

    public double[] InitialParameters(Random random) => [.. pairs.InitialParameters(random), .. _label.InitialParameters(random)];

    public double[] DecayMask() => [.. pairs.DecayMask(), .. _label.DecayMask()];

    public int[] ParametersOf(int output) => output < pairs.Outputs
        ? pairs.ParametersOf(output)
        : [.. _label.ParametersOf(output - pairs.Outputs).Select(p => pairs.ParameterCount + p)];

    /// <summary>A state with these parameters.</summary>
    public GateState ToState(GateState state, ReadOnlySpan<double> parameters) =>
        _label.ToState(state, parameters[pairs.ParameterCount..], labels) with
        {
            Tables = pairs.ToTables(parameters[..pairs.ParameterCount]),
        };

    /// <summary>The parameters that <see cref="ToState"/> wrote.</summary>
    public static double[] From(GateState state) => [.. PairsNetwork.From(state.Tables!), .. GateNetwork.From(state)];
}
