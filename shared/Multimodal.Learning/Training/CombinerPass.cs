using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>Runs one example forward and backward through the learned rule, in reused buffers. Not thread-safe.</summary>
internal sealed class CombinerPass(CombinerNetwork network, IFusionForm form, int experts, int labels)
{
    private readonly double[] _logs = new double[experts * labels];
    private readonly double[] _probabilities = new double[experts * labels];
    private readonly double[] _support = new double[experts * labels];
    private readonly double[] _signals = new double[experts * OpinionSignals.Count];
    private readonly double[] _gateWeights = new double[experts];
    private readonly double[] _scores = new double[network.Outputs * experts];
    private readonly double[] _weights = new double[experts];
    private readonly double[] _scoreGradient = new double[network.Outputs * experts];
    private readonly int[] _ids = new int[experts];

    /// <summary>ln p per label of the last pass, at temperature 1.</summary>
    public double[] Fused { get; } = new double[labels];

    /// <summary>Computes -ln p(label) at temperature 1.</summary>
    /// <param name="input">The example.</param>
    /// <param name="parameters">Parameters of the network.</param>
    /// <param name="gradient">The gradient is added to it; empty to skip the backward pass.</param>
    public double Run(in CombinerInput input, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var count = 0;
        for (var e = 0; e < experts; e++)
        {
            if (input.Weights[e] > 0)
            {
                input.Set.Opinion(input.Example, e).CopyTo(_logs.AsSpan(count * labels));
                _gateWeights[count] = input.Weights[e];
                _ids[count++] = e;
            }
        }

        ReadOnlySpan<double> logs = _logs.AsSpan(0, count * labels);
        var label = input.Set.Label(input.Example);
        ReadOnlySpan<int> ids = _ids.AsSpan(0, count);
        var scores = _scores.AsSpan(0, network.Outputs * count);
        Distribution.Normalise(_gateWeights.AsSpan(0, count));
        OpinionSignals.Write(logs, labels, _gateWeights.AsSpan(0, count), _probabilities.AsSpan(0, logs.Length), _signals);
        network.Score(parameters, ids, _signals, input.Features, scores);
        form.Fuse(logs, scores, 1, new FormResult(Fused, _support, _weights.AsSpan(0, count)));
        if (!gradient.IsEmpty)
        {
            var scoreGradient = _scoreGradient.AsSpan(0, network.Outputs * count);
            form.Backward(logs, scores, Fused, label, scoreGradient);
            network.Backward(ids, _signals, input.Features, scoreGradient, gradient);
        }

        return -Fused[label];
    }
}
