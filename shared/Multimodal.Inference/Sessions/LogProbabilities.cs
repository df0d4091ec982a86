using System.Collections.Frozen;

namespace Multimodal.Inference.Sessions;

/// <summary>From what a model puts out to calibrated log-probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>Natural log of the least probability that is told apart from zero; keeps every opinion finite.</summary>
    public const double Floor = -69.07755278982137; // ln 1e-30

    /// <summary>What an output tensor may hold, by the name that <c>expert.json</c> uses.</summary>
    public static FrozenDictionary<string, Activation> ByName { get; } = new Dictionary<string, Activation>
    {
        ["softmax"] = Activation.Logits,
        ["probabilities"] = Activation.Probabilities,
        ["log-probabilities"] = Activation.LogProbabilities,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// log softmax(z / T), where z are the logits or the logs of the probabilities (Guo et al. 2017, "On Calibration of Modern
    /// Neural Networks", section 4.2). Stable at extremes: the maximum is subtracted first.
    /// </summary>
    /// <param name="output">One row of the model's output, at least one value.</param>
    /// <param name="activation">What the row holds.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="logProbabilities">As many values; finite, at least <see cref="Floor"/> / T below the rest, and exp sums to one.</param>
    /// <returns>False when the row is no opinion: NaN, an infinity, or a probability outside [0, 1.001].</returns>
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

        // Subtracting max and log(sum) one after the other keeps log(sum) when max is huge.
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
                logit = Math.Max(value, Floor); // minus infinity is an honest zero
                return value <= 0.001f;
            default:
                logit = value;
                return float.IsFinite(value);
        }
    }
}
