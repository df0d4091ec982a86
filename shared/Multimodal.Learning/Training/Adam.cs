namespace Multimodal.Learning.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1) with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8. Not thread-safe.</summary>
/// <param name="length">Number of parameters.</param>
internal sealed class Adam(int length)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _mean = new double[length];
    private readonly double[] _square = new double[length];
    private int _steps;

    /// <summary>Moves the parameters one step against the gradient.</summary>
    /// <param name="parameters">Modified in place.</param>
    /// <param name="gradient">As long as the parameters.</param>
    /// <param name="rate">Step size, above 0.</param>
    public void Step(Span<double> parameters, ReadOnlySpan<double> gradient, double rate)
    {
        _steps++;
        var meanScale = 1 / (1 - Math.Pow(Beta1, _steps));
        var squareScale = 1 / (1 - Math.Pow(Beta2, _steps));
        for (var i = 0; i < parameters.Length; i++)
        {
            _mean[i] += (1 - Beta1) * (gradient[i] - _mean[i]);
            _square[i] += (1 - Beta2) * (gradient[i] * gradient[i] - _square[i]);
            parameters[i] -= rate * _mean[i] * meanScale / (Math.Sqrt(_square[i] * squareScale) + Epsilon);
        }
    }
}
