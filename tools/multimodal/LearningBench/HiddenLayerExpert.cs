using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Tool.LearningBench;

/// <summary>
/// Multinomial logistic regression behind one layer of rectified units, on standardised features: the benchmark's expert. Fitted by Adam with
/// decoupled decay (Loshchilov and Hutter 2019), dropout of units, and noise on the inputs, each time of a strength drawn anew, which keeps
/// an expert from being sure where it has seen nothing (Bishop 1995, Neural Computation 7:108).
/// </summary>
internal sealed class HiddenLayerExpert
{
    // Chosen together, by out-of-fold NLL on the training half (docs/decisions/0107).
    private const int Units = 256;
    private const int Epochs = 80;
    private const float Decay = 0.1f;
    private const float Dropout = 0.2f;

    // Of 0, 0.7, 1.5 and 3 the one with the least held-out NLL of the fused answer on the mixture, when the units were tanh; with these, 1
    // is better on clean views and worse on noisy ones, 2.5 the other way round.
    private const double Jitter = 1.5;

    // Of the target spread over all labels (label smoothing, Szegedy et al. 2016).
    private const double Smoothing = 0.05;

    // Root mean square of a view that is let in. The views are standardised, so that of a clean one is about 1.
    private const float Loudest = 1.2f;

    private const int Batch = 64;
    private const float Rate = 3e-3f;

    private readonly int _features;
    private readonly int _labels;
    private readonly float[] _parameters;

    private HiddenLayerExpert(int features, int labels, Random random)
    {
        (_features, _labels) = (features, labels);
        _parameters = new float[Output + labels * (Units + 1)];
        var spread = 1 / MathF.Sqrt(features);
        for (var p = 0; p < Output; p++)
        {
            _parameters[p] = spread * (2 * random.NextSingle() - 1);
        }
    }

    // Rows of [units x (features + bias)], then of [labels x (units + bias)].
    private int Output => Units * (_features + 1);

    public static HiddenLayerExpert Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> truths, int labels, Random random)
    {
        var model = new HiddenLayerExpert(rows[0].Length, labels, random);
        var gradient = new float[model._parameters.Length];
        var (mean, square) = (new float[gradient.Length], new float[gradient.Length]);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        var steps = Epochs * ((rows.Count + Batch - 1) / Batch);
        var step = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var batch in order.Chunk(Batch))
            {
                Array.Clear(gradient);
                foreach (var i in batch)
                {
                    model.AddGradient(Jittered(rows[i], random), truths[i], random, gradient);
                }

                // Up within a tenth of the steps, then down along a cosine.
                var rate = Rate * MathF.Min(1, (step + 1) / (0.1f * steps)) * 0.5f * (1 + MathF.Cos(MathF.PI * step / steps));
                model.Step(gradient, mean, square, ++step, rate, batch.Length);
            }
        }

        return model;
    }

    /// <summary>ln p per label.</summary>
    public double[] LogProbabilities(ReadOnlySpan<double> row)
    {
        Span<float> units = stackalloc float[Units];
        Span<float> input = stackalloc float[row.Length];
        TensorPrimitives.ConvertTruncating(row, input);
        Limit(input);
        Hide(input, units);
        var logs = new double[_labels];
        Answer(units, logs);
        return logs;
    }

    private static float[] Jittered(double[] row, Random random)
    {
        var strength = Jitter * random.NextDouble();
        float[] spoilt = [.. row.Select(x => (float)(x + strength * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        Limit(spoilt);
        return spoilt;
    }

    // Too loud a view would make rectified units as sure as it is loud.
    private static void Limit(Span<float> row)
    {
        var loudness = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / row.Length);
        if (loudness > Loudest)
        {
            TensorPrimitives.Multiply(row, Loudest / loudness, row);
        }
    }

    private void Hide(ReadOnlySpan<float> row, Span<float> units)
    {
        for (var u = 0; u < Units; u++)
        {
            var own = _parameters.AsSpan(u * (_features + 1), _features + 1);
            units[u] = MathF.Max(0, TensorPrimitives.Dot(own[..^1], row) + own[^1]);
        }
    }

    private void Answer(ReadOnlySpan<float> units, Span<double> logs)
    {
        for (var k = 0; k < _labels; k++)
        {
            var own = _parameters.AsSpan(Output + k * (Units + 1), Units + 1);
            logs[k] = TensorPrimitives.Dot(own[..^1], units) + own[^1];
        }

        LogSpace.LogSoftmax(logs, logs);
    }

    private void AddGradient(float[] row, int truth, Random random, float[] gradient)
    {
        Span<float> kept = stackalloc float[Units];
        Span<float> slope = stackalloc float[Units];
        Span<double> errors = stackalloc double[_labels];
        Hide(row, kept);
        for (var u = 0; u < Units; u++)
        {
            kept[u] *= random.NextSingle() < Dropout ? 0 : 1 / (1 - Dropout);
        }

        Answer(kept, errors);
        TensorPrimitives.Exp(errors, errors);
        TensorPrimitives.Subtract<double>(errors, Smoothing / _labels, errors);
        errors[truth] -= 1 - Smoothing;
        slope.Clear();
        for (var k = 0; k < _labels; k++)
        {
            var at = Output + k * (Units + 1);
            var error = (float)errors[k];
            TensorPrimitives.MultiplyAdd(kept, error, gradient.AsSpan(at, Units), gradient.AsSpan(at, Units));
            gradient[at + Units] += error;
            TensorPrimitives.MultiplyAdd(_parameters.AsSpan(at, Units), error, slope, slope);
        }

        for (var u = 0; u < Units; u++)
        {
            // Dropped or below zero: nothing went through it.
            if (kept[u] > 0)
            {
                var own = gradient.AsSpan(u * (_features + 1), _features + 1);
                var error = slope[u] / (1 - Dropout);
                TensorPrimitives.MultiplyAdd(row, error, own[..^1], own[..^1]);
                own[^1] += error;
            }
        }
    }

    private void Step(float[] gradient, float[] mean, float[] square, int step, float rate, int count)
    {
        var (first, second) = (1 - MathF.Pow(0.9f, step), 1 - MathF.Pow(0.999f, step));
        for (var p = 0; p < _parameters.Length; p++)
        {
            var slope = gradient[p] / count;
            mean[p] += 0.1f * (slope - mean[p]);
            square[p] += 0.001f * (slope * slope - square[p]);
            _parameters[p] -= rate * (mean[p] / first / (MathF.Sqrt(square[p] / second) + 1e-8f) + Decay * _parameters[p]);
        }
    }
}
