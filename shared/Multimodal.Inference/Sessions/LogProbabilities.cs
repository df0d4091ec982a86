namespace Multimodal.Inference.Sessions;

/// <summary>Converts the output of a model to calibrated log-probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>The smallest log-probability, ln 1e-30. It replaces ln 0, so that every opinion is finite.</summary>
    public const double Floor = -69.07755278982137;

    /// <summary>The activations, by their names in <c>expert.json</c>.</summary>
    public static Dictionary<string, Activation> ByName { get; } = new(StringComparer.Ordinal)
    {
        ["softmax"] = Activation.Logits,
        ["probabilities"] = Activation.Probabilities,
        ["log-probabilities"] = Activation.LogProbabilities,
    };

    /// <summary>
    /// Computes log softmax(z / T), where z are the logits or the logs of the probabilities (Guo et al. 2017, "On Calibration of Modern
    /// Neural Networks", section 4.2). The maximum is subtracted first, so that extreme logits do not overflow.
    /// </summary>
    /// <param name="output">One row of the model's output, at least one value.</param>
    /// <param name="activation">The meaning of the values.</param>
    /// <param name="temperature">The calibration temperature T, positive.</param>
    /// <param name="logProbabilities">One finite value per output value, if the result is true. Their exponentials sum to 1.</param>
    /// <returns>False if the row contains NaN, an infinite logit or a probability outside [0, 1.001].</returns>
    public static bool TryCompute(ReadOnlySpan<float> output, Activation activation, double temperature, Span<double> logProbabilities)
    {
        var max = double.NegativeInfinity;
        for (var i = 0; i < output.Length; i++)
        {
            if (!TryLogit(output[i], activation, out var logit))
            {
                return false;
            }

            logProbabilities[i] = logit / temperature;
            max = Math.Max(max, logProbabilities[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            sum += Math.Exp(logProbabilities[i] - max);
        }

        // max + log(sum) would lose log(sum) when max is large, so both are subtracted separately.
        var logSum = Math.Log(sum);
        for (var i = 0; i < output.Length; i++)
        {
            logProbabilities[i] = logProbabilities[i] - max - logSum;
        }

        return true;
    }

    private static bool TryLogit(float value, Activation activation, out double logit)
    {
        switch (activation)
        {
            case Activation.Probabilities:
                logit = Math.Max(Math.Log(value), Floor);
                return value is >= 0 and <= 1.001f;
            case Activation.LogProbabilities:
                logit = Math.Max(value, Floor); // minus infinity means probability 0
                return value <= 0.001f;
            default:
                logit = value;
                return float.IsFinite(value);
        }
    }
}
