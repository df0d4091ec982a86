using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>
/// NLL of p proportional to prod_i p_i^(v_i), v_i = softplus(theta_i), over the opinions of an example, with modality dropout.
/// dL/dv_i = sum_k (P(k) - [k = y]) ln p_i(k). Examples with one opinion have no loss, because the rule returns a single opinion unchanged.
/// </summary>
internal sealed class StackingObjective(PreparedSet train, PreparedSet dev, TrainingOptions options) : IObjective
{
    // softplus(0.5413) = 1: training starts at the product of experts.
    private const double Start = 0.5413248546129181;

    private static readonly LogForm Form = new();

    private readonly double[] _decay = new double[train.Experts];
    private readonly double[] _input = new double[train.FeatureCount];
    private readonly bool[] _hasOpinion = new bool[train.Experts];
    private readonly double[] _logs = new double[train.Experts * train.Labels];
    private readonly double[] _support = new double[train.Experts * train.Labels];
    private readonly double[] _fused = new double[train.Labels];
    private readonly double[] _scores = new double[train.Experts];
    private readonly double[] _weights = new double[train.Experts];
    private readonly double[] _scoreGradient = new double[train.Experts];

    public int Count => train.Count;

    public ReadOnlySpan<double> DecayMask => _decay;

    /// <summary>Fits the powers v, one per expert, at least 0.</summary>
    /// <param name="train">The training examples.</param>
    /// <param name="dev">Decides when to stop.</param>
    /// <param name="options">How to train.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    public static double[] Fit(RecordedSet train, RecordedSet dev, TrainingOptions options, TrainingRun run)
    {
        var scaling = FeatureScaling.Fit(train.Features, train.Blocks, train.Examples.Select(e => (ReadOnlyMemory<float>)e.Features));
        var objective = new StackingObjective(new PreparedSet(train, scaling), new PreparedSet(dev, scaling), options);
        var parameters = new double[train.Experts.Count];
        Array.Fill(parameters, Start);
        Descent.Run(objective, parameters, options, "stacking", run);
        return [.. parameters.Select(Activation.Softplus)];
    }

    /// <summary>Accuracy of each expert in (0, 1), with one correct of two opinions added to avoid the extremes 0 and 1.</summary>
    public static double[] Accuracies(RecordedSet set) =>
    [
        .. set.Experts.Select((_, e) =>
        {
            var answered = set.Examples.Count(example => example.Opinions[e] is not null);
            var correct = set.Examples.Count(example => example.Opinions[e] is { } o && Distribution.ArgMax(o) == example.Label);
            return (correct + 1.0) / (answered + 2);
        }),
    ];

    public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
    {
        train.Draw(example, options, random, _input, _hasOpinion);
        return Loss(train, example, parameters, gradient);
    }

    public double DevLoss(ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        for (var n = 0; n < dev.Count; n++)
        {
            dev.HasOpinion(n).CopyTo(_hasOpinion);
            sum += Loss(dev, n, parameters, []);
        }

        return sum / Math.Max(1, dev.Count);
    }

    private double Loss(PreparedSet set, int example, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var count = 0;
        for (var e = 0; e < _hasOpinion.Length; e++)
        {
            if (_hasOpinion[e])
            {
                set.Opinion(example, e).CopyTo(_logs.AsSpan(count * set.Labels));
                _scores[count++] = parameters[e];
            }
        }

        if (count < 2)
        {
            return 0;
        }

        ReadOnlySpan<double> logs = _logs.AsSpan(0, count * set.Labels);
        ReadOnlySpan<double> scores = _scores.AsSpan(0, count);
        Form.Fuse(logs, scores, 1, new FormResult(_fused, _support, _weights.AsSpan(0, count)));
        var label = set.Label(example);
        if (!gradient.IsEmpty)
        {
            Form.Backward(logs, scores, _fused, label, _scoreGradient.AsSpan(0, count));
            var row = 0;
            for (var e = 0; e < _hasOpinion.Length; e++)
            {
                gradient[e] += _hasOpinion[e] ? _scoreGradient[row++] : 0;
            }
        }

        return -_fused[label];
    }
}
