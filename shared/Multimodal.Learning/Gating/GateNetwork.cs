using System.Numerics.Tensors;

namespace Multimodal.Learning.Gating;

/// <summary>
/// logits = W z + b + V tanh(U z + c); without hidden units only the linear part. One flat parameter vector, in this order:
/// W [experts x features], b [experts], U [hidden x features], c [hidden], V [experts x hidden].
/// </summary>
internal sealed class GateNetwork(int features, int hidden, int experts)
{
    public int Features => features;

    public int Hidden => hidden;

    public int Experts => experts;

    public int Bias => experts * features;

    public int HiddenWeights => Bias + experts;

    public int HiddenBias => HiddenWeights + hidden * features;

    public int Output => HiddenBias + hidden;

    public int ParameterCount => Output + experts * hidden;

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> logits)
    {
        for (int h = 0; h < hidden; h++)
        {
            ReadOnlySpan<double> row = parameters.Slice(HiddenWeights + h * features, features);
            units[h] = Math.Tanh(TensorPrimitives.Dot(row, input) + parameters[HiddenBias + h]);
        }

        for (int e = 0; e < experts; e++)
        {
            double logit = TensorPrimitives.Dot(parameters.Slice(e * features, features), input) + parameters[Bias + e];
            if (hidden > 0)
            {
                logit += TensorPrimitives.Dot(parameters.Slice(Output + e * hidden, hidden), units[..hidden]);
            }

            logits[e] = logit;
        }
    }

    /// <summary>Adds dLoss/dParameters for one example to <paramref name="gradient"/>.</summary>
    /// <param name="parameters">As given to <see cref="Forward"/>.</param>
    /// <param name="input">As given to <see cref="Forward"/>.</param>
    /// <param name="units">As written by <see cref="Forward"/>.</param>
    /// <param name="logitGradient">dLoss/dLogits.</param>
    /// <param name="gradient">As long as the parameters.</param>
    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> logitGradient, Span<double> gradient)
    {
        for (int e = 0; e < experts; e++)
        {
            AddScaled(input, logitGradient[e], gradient.Slice(e * features, features));
            gradient[Bias + e] += logitGradient[e];
            AddScaled(units[..hidden], logitGradient[e], gradient.Slice(Output + e * hidden, hidden));
        }

        for (int h = 0; h < hidden; h++)
        {
            double error = 0;
            for (int e = 0; e < experts; e++)
            {
                error += logitGradient[e] * parameters[Output + e * hidden + h];
            }

            error *= 1 - units[h] * units[h];
            AddScaled(input, error, gradient.Slice(HiddenWeights + h * features, features));
            gradient[HiddenBias + h] += error;
        }
    }

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
