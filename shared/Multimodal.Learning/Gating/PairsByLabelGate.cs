using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// Asks the two that promise to cost least if what it guesses of the label is right: of a pair, ln sum_y p(y) e^o(y), p the guess and o(y) the
/// logarithm of what the pair would cost were y the label. From there on it is a gate of <c>pairs</c>.
/// </summary>
internal sealed class PairsByLabelGate : IGate
{
    private readonly FeatureScaler _scaler;
    private readonly PairsByLabelNetwork _network;
    private readonly double[] _parameters;
    private readonly int[] _presence;

    public PairsByLabelGate(GateState state)
    {
        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        _scaler = new FeatureScaler(state.Scaling);
        _network = PairsByLabelNetwork.Of(state);
        _parameters = PairsByLabelNetwork.From(state);
        _presence = PairCosts.Presence(state);
    }

    public string Version { get; }

    public IReadOnlyList<string> Experts { get; }

    public IReadOnlyList<string> Features { get; }

    public void Score(ReadOnlySpan<float> features, Span<double> logits)
    {
        var labels = _network.Labels;
        Span<double> input = stackalloc double[_network.Features];
        Span<double> units = stackalloc double[_network.Hidden];
        Span<double> outputs = stackalloc double[_network.Outputs];
        _scaler.Apply(features, input);
        _network.Forward(_parameters, input, units, outputs);
        var guess = outputs[_network.Pairs.Outputs..];
        LogSpace.LogSoftmax(guess, guess);
        Span<double> costs = stackalloc double[_network.Pairs.Outputs / labels];
        for (var at = 0; at < costs.Length; at++)
        {
            var each = outputs.Slice(at * labels, labels);
            TensorPrimitives.Add<double>(each, guess, each);
            costs[at] = LogSpace.LogSumExp(each);
        }

        PairCosts.Logits(costs, input, _presence, logits);
    }
}
