using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Tool.LearningBench;

/// <summary>Multinomial logistic regression on standardised features, fitted by mini-batch descent: the benchmark's expert.</summary>
internal sealed class SoftmaxRegression
{
    private const int Epochs = 100;
    private const int Batch = 32;
    private const double Rate = 0.1;
    private const double Decay = 1e-3;

    private readonly double[][] _weights;
    private readonly double[] _bias;

    private SoftmaxRegression(int features, int labels)
    {
        _weights = [.. Enumerable.Range(0, labels).Select(_ => new double[features])];
        _bias = new double[labels];
    }

    public static SoftmaxRegression Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> truths, int labels, Random random)
    {
        var model = new SoftmaxRegression(rows[0].Length, labels);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        var errors = new double[Batch][];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            var rate = Rate * 0.5 * (1 + Math.Cos(Math.PI * epoch / Epochs));
            foreach (var batch in order.Chunk(Batch))
            {
                model.Step(rows, truths, batch, errors, rate);
            }
        }

        return model;
    }

    /// <summary>ln p per label.</summary>
    public double[] LogProbabilities(ReadOnlySpan<double> row)
    {
        var logits = new double[_bias.Length];
        for (var k = 0; k < logits.Length; k++)
        {
            logits[k] = _bias[k] + TensorPrimitives.Dot(_weights[k], row);
        }

        LogSpace.LogSoftmax(logits, logits);
        return logits;
    }

    private void Step(IReadOnlyList<double[]> rows, IReadOnlyList<int> truths, int[] batch, double[][] errors, double rate)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            errors[i] = LogProbabilities(rows[batch[i]]);
            TensorPrimitives.Exp(errors[i], errors[i]);
            errors[i][truths[batch[i]]]--;
        }

        for (var k = 0; k < _bias.Length; k++)
        {
            TensorPrimitives.Multiply(_weights[k], 1 - rate * Decay, _weights[k]);
            for (var i = 0; i < batch.Length; i++)
            {
                var step = -rate * errors[i][k] / batch.Length;
                TensorPrimitives.MultiplyAdd(rows[batch[i]], step, _weights[k], _weights[k]);
                _bias[k] += step;
            }
        }
    }
}
