using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// Predicts the label, and the cost of each pair for each label. The cost of a pair is ln sum_y p(y) e^o(y), with the predicted label
/// distribution p and ln of the predicted cost o(y) for label y. The logits follow as in <see cref="PairsGate"/>.
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
        var labelLogs = outputs[_network.Pairs.Outputs..];
        LogSpace.LogSoftmax(labelLogs, labelLogs);
        Span<double> costs = stackalloc double[_network.Pairs.Outputs / labels];
        for (var pair = 0; pair < costs.Length; pair++)
        {
            var byLabel = outputs.Slice(pair * labels, labels);
            TensorPrimitives.Add<double>(byLabel, labelLogs, byLabel);
            costs[pair] = LogSpace.LogSumExp(byLabel);
        }

        PairCosts.Logits(costs, input, _presence, logits);
    }
}
