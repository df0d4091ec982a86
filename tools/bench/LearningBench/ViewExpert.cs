using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// The benchmark's expert: a network over one view's standardised features. It is fitted by Adam with decoupled weight decay (Loshchilov
/// and Hutter 2019), dropout, and input noise of a random strength per example, which prevents overconfidence far from the training data
/// (Bishop 1995, Neural Computation 7:108).
/// </summary>
internal sealed class ViewExpert
{
    // Chosen together by out-of-fold NLL on the training half (docs/studies/benchmark-experts.md).
    private const int Epochs = 80;
    private const float Decay = 0.1f;

    // Of 0, 0.7, 1.5 and 3, the value with the lowest held-out NLL of the fused answer on the mixture, with tanh units. With ReLU units, 1
    // is better on clean views and worse on noisy ones, and 2.5 the reverse.
    private const double Jitter = 1.5;

    // In one draw of twenty the noise is strong enough to be filtered, so the expert also learns filtered views.
    private const double StrongNoiseShare = 0.05;
    private const double MinStrongNoise = 2;
    private const double MaxStrongNoise = 6;

    // Share of the target spread over all labels (label smoothing, Szegedy et al. 2016).
    private const double Smoothing = 0.05;

    // Maximum root mean square of an input. Views are standardised, so that of a clean view is about 1.
    private const float MaxMagnitude = 1.2f;

    private const int Batch = 64;
    private const float Rate = 3e-3f;

    private readonly IExpertNetwork _network;
    private readonly NoiseFilter _filter;
    private readonly int _labels;
    private readonly float[] _parameters;

    private ViewExpert(IExpertNetwork network, NoiseFilter filter, int labels)
    {
        (_network, _filter, _labels) = (network, filter, labels);
        _parameters = new float[network.ParameterCount];
    }

    public static ViewExpert Fit(
        IExpertNetwork network, NoiseFilter filter, (IReadOnlyList<double[]> Rows, IReadOnlyList<int> Truths) examples, int labels, Random random)
    {
        var (rows, truths) = examples;
        var expert = new ViewExpert(network, filter, labels);
        network.Initialise(expert._parameters, random);
        var pass = network.Begin();
        var gradient = new float[expert._parameters.Length];
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
                    expert.AddGradient(pass, expert.Jittered(rows[i], random), truths[i], random, gradient);
                }

                // Linear warm-up over a tenth of the steps, then cosine decay.
                var rate = Rate * MathF.Min(1, (step + 1) / (0.1f * steps)) * 0.5f * (1 + MathF.Cos(MathF.PI * step / steps));
                expert.Step(gradient, (mean, square), ++step, rate, batch.Length);
            }
        }

        return expert;
    }

    /// <summary>ln p per label.</summary>
    public double[] LogProbabilities(ReadOnlySpan<double> row)
    {
        var input = new float[row.Length];
        TensorPrimitives.ConvertTruncating(row, input);
        FilterAndLimit(input);
        var logs = new double[_labels];
        _network.Begin().Forward(_parameters, input, null, logs);
        LogSpace.LogSoftmax(logs, logs);
        return logs;
    }

    private void AddGradient(IExpertPass pass, float[] row, int truth, Random random, float[] gradient)
    {
        Span<double> errors = stackalloc double[_labels];
        pass.Forward(_parameters, row, random, errors);
        LogSpace.Softmax(errors, errors);
        TensorPrimitives.Subtract<double>(errors, Smoothing / _labels, errors);
        errors[truth] -= 1 - Smoothing;
        pass.Backward(_parameters, errors, gradient);
    }

    private float[] Jittered(double[] row, Random random)
    {
        var strength = random.NextDouble() < StrongNoiseShare ? MinStrongNoise + (MaxStrongNoise - MinStrongNoise) * random.NextDouble() : Jitter * random.NextDouble();
        float[] noisy = [.. row.Select(
            x => (float)(x + strength * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        FilterAndLimit(noisy);
        return noisy;
    }

    // ReLU units would be more confident on a view of larger magnitude, so its magnitude is limited.
    private void FilterAndLimit(Span<float> row)
    {
        _filter.Apply(row);
        var magnitude = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / row.Length);
        if (magnitude > MaxMagnitude)
        {
            TensorPrimitives.Multiply(row, MaxMagnitude / magnitude, row);
        }
    }

    private void Step(float[] gradient, (float[] Mean, float[] Square) moments, int step, float rate, int count)
    {
        var (mean, square) = moments;
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
