using System.Numerics.Tensors;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// score_oi = (a_o + A_oi) . signals_i + B_oi . z, for each kind of score o that the form needs. One flat parameter vector, in
/// this order: a [scores x signals], the prior that an expert unknown to the state gets alone; A [scores x experts x signals];
/// B [scores x experts x features].
/// </summary>
internal sealed class CombinerNetwork(int experts, int features, int outputs)
{
    private static int Signals => OpinionSignals.Count;

    public int Outputs => outputs;

    public int ExpertOffset => outputs * Signals;

    public int FeatureOffset => ExpertOffset + outputs * experts * Signals;

    public int Features => features;

    public int ParameterCount => FeatureOffset + outputs * experts * features;

    /// <summary>Writes the scores of each opinion.</summary>
    /// <param name="parameters">The flat vector.</param>
    /// <param name="ids">The expert of each opinion, or -1 for one the state does not know.</param>
    /// <param name="signals">[opinions x signals].</param>
    /// <param name="input">Standardised features.</param>
    /// <param name="scores">[scores x opinions].</param>
    public void Score(
        ReadOnlySpan<double> parameters, ReadOnlySpan<int> ids, ReadOnlySpan<double> signals, ReadOnlySpan<double> input, Span<double> scores)
    {
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var row = signals.Slice(i * Signals, Signals);
                var score = TensorPrimitives.Dot(parameters.Slice(o * Signals, Signals), row);
                if (ids[i] >= 0)
                {
                    score += TensorPrimitives.Dot(parameters.Slice(OwnOf(o, ids[i]), Signals), row);
                    score += TensorPrimitives.Dot(parameters.Slice(InputsOf(o, ids[i]), features), input);
                }

                scores[o * ids.Length + i] = score;
            }
        }
    }

    /// <summary>Adds dLoss/dParameters for one example of known experts.</summary>
    public void Backward(
        ReadOnlySpan<int> ids, ReadOnlySpan<double> signals, ReadOnlySpan<double> input, ReadOnlySpan<double> scoreGradient, Span<double> gradient)
    {
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var error = scoreGradient[o * ids.Length + i];
                var row = signals.Slice(i * Signals, Signals);
                AddScaled(row, error, gradient.Slice(o * Signals, Signals));
                AddScaled(row, error, gradient.Slice(OwnOf(o, ids[i]), Signals));
                AddScaled(input, error, gradient.Slice(InputsOf(o, ids[i]), features));
            }
        }
    }

    private int OwnOf(int output, int expert) => ExpertOffset + (output * experts + expert) * Signals;

    private int InputsOf(int output, int expert) => FeatureOffset + (output * experts + expert) * features;

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(x, factor, sum, sum);
}
