using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>What the learned rule sees of each opinion, once the experts have spoken.</summary>
internal static class OpinionSignals
{
    /// <summary>Names in order; part of the state, so a state made for other signals does not load.</summary>
    public static readonly string[] Names =
        ["one", "confidence", "entropy", "agreement", "gate", "share", "confidence-agreement", "opposition"];

    // The gate's log weight is clipped below: e^-8 is "hardly any", and -inf would rule the score.
    private const double LeastLogWeight = -8;

    public static int Count => Names.Length;

    /// <summary>Writes one row of signals per opinion.</summary>
    /// <param name="logProbabilities">[opinions x labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="gateWeights">One per opinion, summing to one.</param>
    /// <param name="probabilities">Scratch as long as the opinions; on return their exponentials.</param>
    /// <param name="signals">[opinions x <see cref="Count"/>].</param>
    public static void Write(
        ReadOnlySpan<double> logProbabilities, int labels, ReadOnlySpan<double> gateWeights,
        Span<double> probabilities, Span<double> signals)
    {
        int count = gateWeights.Length;
        TensorPrimitives.Exp(logProbabilities, probabilities);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> own = probabilities.Slice(i * labels, labels);
            double agreement = 0;
            double opposition = 0;
            for (int j = 0; j < count; j++)
            {
                if (j != i)
                {
                    ReadOnlySpan<double> other = probabilities.Slice(j * labels, labels);
                    double overlap = Distribution.Overlap(own, other);
                    agreement += overlap;
                    opposition = Math.Max(opposition, TensorPrimitives.Max(other) * (1 - overlap));
                }
            }

            agreement = count > 1 ? agreement / (count - 1) : 1;
            double confidence = TensorPrimitives.Max(own);
            Span<double> row = signals.Slice(i * Count, Count);
            row[0] = 1;
            row[1] = confidence;
            row[2] = Distribution.NormalisedEntropy(own);
            row[3] = agreement;
            row[4] = 1 + Math.Max(Math.Log(gateWeights[i]), LeastLogWeight) / -LeastLogWeight;
            row[5] = 1.0 / count;
            row[6] = confidence * agreement;
            row[7] = opposition;
        }
    }
}
