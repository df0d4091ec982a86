using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Multimodal.Bench.LearningBench;

/// <summary>
/// Wiener filter for white noise in a noisy view (Wiener 1949): along each principal axis of clean views, with power l, the gain is
/// l / (l + q). The noise power q is the maximum likelihood estimate for the view, under a normal distribution with variance l + q along
/// each axis. Views with little noise stay unchanged, because the experts are trained on those.
/// </summary>
internal sealed class NoiseFilter
{
    // Lower bound of the power of an axis, so that rounding does not decide along axes with almost no variance.
    private const double MinPower = 0.02;

    // In variances of a standardised feature.
    private const float FilterThreshold = 2;
    private const int Steps = 60;
    private const double MinNoise = 0.01;
    private const double MaxNoise = 64;

    private readonly float[][] _axes;
    private readonly float[] _power;
    private readonly float[] _noise;
    private readonly float[][] _precision;
    private readonly float[] _logVariance;

    private NoiseFilter(float[][] axes, double[] power)
    {
        _axes = axes;
        _power = [.. power.Select(l => (float)l)];
        double[] noise = [0, .. Enumerable.Range(0, Steps).Select(s => MinNoise * Math.Pow(MaxNoise / MinNoise, s / (Steps - 1.0)))];
        _noise = [.. noise.Select(q => (float)q)];
        _precision = [.. noise.Select(q => power.Select(l => (float)(1 / (l + q))).ToArray())];
        _logVariance = [.. noise.Select(q => (float)power.Sum(l => Math.Log(l + q)))];
    }

    /// <summary>Fits the axes to standardised views.</summary>
    public static NoiseFilter Fit(double[][] views)
    {
        var rows = Matrix<double>.Build.DenseOfRowArrays(views);
        var parts = rows.TransposeThisAndMultiply(rows).Divide(views.Length).Evd(Symmetricity.Symmetric);
        return new NoiseFilter(
            [.. parts.EigenVectors.EnumerateColumns().Select(axis => axis.Select(x => (float)x).ToArray())],
            [.. parts.EigenValues.Select(value => Math.Max(MinPower, value.Real))]);
    }

    /// <summary>Filters a view in place.</summary>
    public void Apply(Span<float> view)
    {
        Span<float> along = stackalloc float[_axes.Length];
        Span<float> squares = stackalloc float[_axes.Length];
        for (var a = 0; a < along.Length; a++)
        {
            along[a] = TensorPrimitives.Dot(_axes[a], view);
        }

        TensorPrimitives.Multiply(along, along, squares);
        var noise = EstimateNoise(squares);
        if (noise > FilterThreshold)
        {
            view.Clear();
            for (var a = 0; a < along.Length; a++)
            {
                ReluLayer.Add(_axes[a], along[a] * _power[a] / (_power[a] + noise), view);
            }
        }
    }

    // Minimises ln |V| + c' V^-1 c over the steps.
    private float EstimateNoise(ReadOnlySpan<float> squares)
    {
        var (best, lowest) = (0, float.PositiveInfinity);
        for (var n = 0; n < _noise.Length; n++)
        {
            var deviance = _logVariance[n] + TensorPrimitives.Dot(_precision[n], squares);
            (best, lowest) = deviance < lowest ? (n, deviance) : (best, lowest);
        }

        return _noise[best];
    }
}
