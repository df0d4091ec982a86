using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// The logit of an expert is minus ln of the predicted cost of its best pair with a present expert. So the two largest logits belong to the
/// pair with the least predicted cost; within the pair, the expert with the lower cost alone comes first. The gate does not know which
/// experts are available. An expert whose modality is present but that cannot be asked still counts as a partner, so the two selected
/// experts are not always the best pair among the available ones.
/// </summary>
internal sealed class PairsGate : IGate
{
    private readonly FeatureScaler _scaler;
    private readonly PairsNetwork _network;
    private readonly double[] _parameters;
    private readonly int[] _presence;

    public PairsGate(GateState state)
    {
        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        _scaler = new FeatureScaler(state.Scaling);
        _network = PairsNetwork.Of(state, state.Pairs![0].Hidden, 1);
        _parameters = PairsNetwork.From(state.Pairs!.Select(PairsNetwork.Table));
        _presence = PairCosts.Presence(state);
    }

    public string Version { get; }

    public IReadOnlyList<string> Experts { get; }

    public IReadOnlyList<string> Features { get; }

    public void Score(ReadOnlySpan<float> features, Span<double> logits)
    {
        Span<double> input = stackalloc double[_network.Features];
        Span<double> units = stackalloc double[_network.Hidden];
        Span<double> costs = stackalloc double[_network.Outputs];
        _scaler.Apply(features, input);
        _network.Forward(_parameters, input, units, costs);
        PairCosts.Logits(costs, input, _presence, logits);
    }
}
