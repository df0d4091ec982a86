using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// Asks by pairs: an expert's logit is how well the best pair would do that it makes with somebody present, so the two largest are the
/// pair that is foretold to cost least. Of a best pair, which have the same, the one better alone comes first. Who is present but cannot be asked
/// (its service is down) still counts as a partner here: the gate is not told, and the best two of the rest need not be their best pair.
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
