using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A gate over modalities and one over the experts within each (Jordan and Jacobs 1994). The logit of expert i of modality m is
/// ln P(m) + ln P(i | m) = u_m + v_i - ln sum_{j in m} exp v_j, up to a common term, so its softmax is P(m) P(i | m).
/// </summary>
internal sealed class HierarchicalGate : IGate
{
    private readonly TrainedNetwork _network;
    private readonly int[] _modalities;
    private readonly int _modalityCount;

    public HierarchicalGate(GateState state)
    {
        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        string[] names = [.. state.Modalities!.Distinct().Order(StringComparer.Ordinal)];
        _modalities = [.. state.Modalities!.Select(modality => Array.IndexOf(names, modality))];
        _modalityCount = names.Length;
        var network = new GateNetwork(Features.Count, state.Hidden?.Bias.Count ?? 0, names.Length + Experts.Count);
        _network = new TrainedNetwork(state.Scaling, network, GateNetwork.From(state));
    }

    public string Version { get; }

    public IReadOnlyList<string> Experts { get; }

    public IReadOnlyList<string> Features { get; }

    public void Score(ReadOnlySpan<float> features, Span<double> logits)
    {
        Span<double> outputs = stackalloc double[_network.Outputs];
        Span<double> siblings = stackalloc double[_modalities.Length];
        Span<double> normalizers = stackalloc double[_modalityCount];
        _network.Run(features, outputs);
        ReadOnlySpan<double> own = outputs[_modalityCount..];
        for (var m = 0; m < normalizers.Length; m++)
        {
            for (var i = 0; i < own.Length; i++)
            {
                siblings[i] = _modalities[i] == m ? own[i] : double.NegativeInfinity;
            }

            normalizers[m] = LogSpace.LogSumExp(siblings);
        }

        for (var i = 0; i < own.Length; i++)
        {
            logits[i] = outputs[_modalities[i]] + (own[i] - normalizers[_modalities[i]]);
        }
    }
}
