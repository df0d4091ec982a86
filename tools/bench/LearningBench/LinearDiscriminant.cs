using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Multimodal.Learning.Calibration;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// Linear discriminant analysis of a view: a normal distribution per class around its mean, with a shared covariance S, or S + q I under
/// noise of variance q. Evaluation costs ten dot products.
/// </summary>
internal sealed class LinearDiscriminant
{
    // Added to every within-class variance, because directions with almost no variance in the training views would dominate.
    private const double Floor = 0.1;

    // Range of the noise variance. The mean square of a clean view is about 1; the excess is noise.
    private const double MinNoise = 0.5;
    private const double MaxNoise = 64;
    private const int Steps = 20;

    // Standard deviation of the noise for which noisy views are calibrated.
    private const double NoisyDeviation = 5;

    private static readonly double[] Noise =
        [0, .. Enumerable.Range(0, Steps).Select(s => MinNoise * Math.Pow(MaxNoise / MinNoise, s / (Steps - 1.0)))];

    private readonly double[][][] _weights = new double[Noise.Length][][];
    private readonly double[][] _bias = new double[Noise.Length][];
    private double _cleanTemperature = 1;
    private double _noisyTemperature = 1;

    private LinearDiscriminant(IReadOnlyList<double[]> rows, IReadOnlyList<int> truths, int labels)
    {
        var width = rows[0].Length;
        double[][] means = [.. Enumerable.Range(0, labels).Select(_ => new double[width])];
        foreach (var (row, truth) in rows.Zip(truths))
        {
            TensorPrimitives.Add<double>(means[truth], row, means[truth]);
        }

        foreach (var (label, mean) in means.Index())
        {
            TensorPrimitives.Divide(mean, truths.Count(truth => truth == label), mean);
        }

        var within = Matrix<double>.Build.DenseOfRowArrays(rows.Select((row, i) => row.Zip(means[truths[i]], (x, mean) => x - mean).ToArray()));
        var parts = within.TransposeThisAndMultiply(within).Divide(rows.Count).Evd(Symmetricity.Symmetric);
        var along = Matrix<double>.Build.DenseOfRowArrays(means) * parts.EigenVectors;
        for (var n = 0; n < Noise.Length; n++)
        {
            var weighed = along.MapIndexed((_, axis, mean) => mean / (Math.Max(0, parts.EigenValues[axis].Real) + Floor + Noise[n]));
            _weights[n] = (weighed * parts.EigenVectors.Transpose()).ToRowArrays();
            _bias[n] = [.. means.Select((mean, label) => -0.5 * TensorPrimitives.Dot<double>(_weights[n][label], mean))];
        }
    }

    /// <summary>
    /// Fits the discriminant to standardised views. Its temperatures for clean and noisy views are fitted on a fifth of them, with a
    /// discriminant fitted on the other four fifths.
    /// </summary>
    public static LinearDiscriminant Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> truths, int labels, Random random)
    {
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(i => i % 5 > 0)];
        int[] judged = [.. Enumerable.Range(0, rows.Count).Where(i => i % 5 == 0)];
        var without = new LinearDiscriminant([.. kept.Select(i => rows[i])], [.. kept.Select(i => truths[i])], labels);
        int[] answers = [.. judged.Select(i => truths[i])];
        double Temperature(double strength) => TemperatureScaling.Fit(
            [.. judged.Select(i => without.LogProbabilities(Corruption.Noisy(rows[i], strength, random)))], answers);
        return new LinearDiscriminant(rows, truths, labels) { _cleanTemperature = Temperature(0), _noisyTemperature = Temperature(NoisyDeviation) };
    }

    /// <summary>ln p per label.</summary>
    public double[] LogProbabilities(ReadOnlySpan<double> row)
    {
        var excess = TensorPrimitives.SumOfSquares(row) / row.Length - 1;
        var n = Noise.Count(noise => noise <= Math.Max(0, excess)) - 1;
        var logs = new double[_bias[n].Length];
        for (var label = 0; label < logs.Length; label++)
        {
            logs[label] = TensorPrimitives.Dot(row, _weights[n][label]) + _bias[n][label];
        }

        TemperatureScaling.Apply(logs, n == 0 ? _cleanTemperature : _noisyTemperature, logs);
        return logs;
    }
}
