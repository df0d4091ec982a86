using System.Numerics.Tensors;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// score_oi = (a_o + A_oi) . signals_i + B_oi . z for opinion i and each kind of score o of the form. Parameters in one vector, in this
/// order: a [scores x signals], which is all that an unknown expert gets; A [scores x experts x signals]; B [scores x experts x features].
/// </summary>
internal sealed class CombinerNetwork(int experts, int features, int outputs)
{
    private static int Signals => OpinionSignals.Count;

    /// <summary>Kinds of score.</summary>
    public int Outputs => outputs;

    public int Features => features;

    /// <summary>Offset of A.</summary>
    public int ExpertOffset => outputs * Signals;

    /// <summary>Offset of B.</summary>
    public int FeatureOffset => ExpertOffset + outputs * experts * Signals;

    public int ParameterCount => FeatureOffset + outputs * experts * features;

    /// <summary>Computes the scores of each opinion.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="ids">Index of the expert of each opinion; -1 for an unknown expert.</param>
    /// <param name="signals">[opinions x signals].</param>
    /// <param name="input">Standardised features.</param>
    /// <param name="scores">[scores x opinions]; overwritten.</param>
    public void Score(
        ReadOnlySpan<double> parameters, ReadOnlySpan<int> ids, ReadOnlySpan<double> signals, ReadOnlySpan<double> input,
        Span<double> scores)
    {
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var row = signals.Slice(i * Signals, Signals);
                var score = TensorPrimitives.Dot(parameters.Slice(o * Signals, Signals), row);
                if (ids[i] >= 0)
                {
                    score += TensorPrimitives.Dot(parameters.Slice(ExpertRow(o, ids[i]), Signals), row);
                    score += TensorPrimitives.Dot(parameters.Slice(FeatureRow(o, ids[i]), features), input);
                }

                scores[o * ids.Length + i] = score;
            }
        }
    }

    /// <summary>Adds dLoss/dParameters of one example to <paramref name="gradient"/>. All experts must be known.</summary>
    /// <param name="ids">Index of the expert of each opinion.</param>
    /// <param name="signals">[opinions x signals].</param>
    /// <param name="input">Standardised features.</param>
    /// <param name="scoreGradient">dLoss/dScore [scores x opinions].</param>
    /// <param name="gradient">As long as the parameters.</param>
    public void Backward(
        ReadOnlySpan<int> ids, ReadOnlySpan<double> signals, ReadOnlySpan<double> input, ReadOnlySpan<double> scoreGradient,
        Span<double> gradient)
    {
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var error = scoreGradient[o * ids.Length + i];
                var row = signals.Slice(i * Signals, Signals);
                AddScaled(row, error, gradient.Slice(o * Signals, Signals));
                AddScaled(row, error, gradient.Slice(ExpertRow(o, ids[i]), Signals));
                AddScaled(input, error, gradient.Slice(FeatureRow(o, ids[i]), features));
            }
        }
    }

    private int ExpertRow(int output, int expert) => ExpertOffset + (output * experts + expert) * Signals;

    private int FeatureRow(int output, int expert) => FeatureOffset + (output * experts + expert) * features;

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
