using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>One example forward and backward through the learned rule, in buffers that are used again. Not thread-safe.</summary>
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

    /// <summary>ln p per label, at temperature 1, of the last pass.</summary>
    public double[] Fused { get; } = new double[labels];

    /// <summary>-ln p(label) at temperature 1.</summary>
    /// <param name="set">The examples.</param>
    /// <param name="example">Which.</param>
    /// <param name="input">Its standardised features, perhaps with some hidden.</param>
    /// <param name="weights">The gate's weights; experts with weight 0 were not asked.</param>
    /// <param name="parameters">Of the network.</param>
    /// <param name="gradient">Gains the gradient; empty to do without.</param>
    public double Run(
        PreparedSet set, int example, ReadOnlySpan<double> input, ReadOnlySpan<double> weights,
        ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var count = 0;
        for (var e = 0; e < experts; e++)
        {
            if (weights[e] > 0)
            {
                set.Opinion(example, e).CopyTo(_logs.AsSpan(count * labels));
                _gateWeights[count] = weights[e];
                _ids[count++] = e;
            }
        }

        ReadOnlySpan<double> logs = _logs.AsSpan(0, count * labels);
        var label = set.Label(example);
        ReadOnlySpan<int> ids = _ids.AsSpan(0, count);
        var scores = _scores.AsSpan(0, network.Outputs * count);
        Distribution.Normalise(_gateWeights.AsSpan(0, count));
        OpinionSignals.Write(logs, labels, _gateWeights.AsSpan(0, count), _probabilities.AsSpan(0, logs.Length), _signals);
        network.Score(parameters, ids, _signals, input, scores);
        form.Fuse(logs, scores, 1, Fused, _support, _weights.AsSpan(0, count));
        if (!gradient.IsEmpty)
        {
            var scoreGradient = _scoreGradient.AsSpan(0, network.Outputs * count);
            form.Backward(logs, scores, Fused, label, scoreGradient);
            network.Backward(ids, _signals, input, scoreGradient, gradient);
        }

        return -Fused[label];
    }
}
