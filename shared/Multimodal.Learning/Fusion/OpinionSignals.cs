using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>What the learned rule sees of each opinion, once the experts have spoken.</summary>
internal static class OpinionSignals
{
    /// <summary>
    /// Names in order; part of the state, so a state made for other signals does not load. New ones are added at the end, and a
    /// state made before that gives them no weight.
    /// </summary>
    public static readonly string[] Names =
    [
        "one", "confidence", "entropy", "agreement", "gate", "share", "confidence-agreement", "opposition",
        "ally", "consensus", "dissent",
    ];

    private const int FirstCount = 8;

    // The gate's log weight is clipped below: e^-8 is "hardly any", and -inf would rule the score.
    private const double LeastLogWeight = -8;

    // How much of an opinion that the gate trusts fully is believed in the consensus; the rest is spread over all labels.
    private const double Believed = 0.9;

    public static int Count => Names.Length;

    /// <summary>Whether these are the signals of this build or of one before it.</summary>
    public static bool IsSupported(IReadOnlyList<string> signals) =>
        signals.Count is FirstCount || signals.Count == Count ? signals.SequenceEqual(Names.Take(signals.Count)) : false;

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
        var count = gateWeights.Length;
        TensorPrimitives.Exp(logProbabilities, probabilities);
        var consensus = labels <= 256 ? stackalloc double[labels] : new double[labels];
        for (var i = 0; i < count; i++)
        {
            ReadOnlySpan<double> own = probabilities.Slice(i * labels, labels);
            double agreement = 0;
            double opposition = 0;
            double ally = 0;
            for (var j = 0; j < count; j++)
            {
                if (j != i)
                {
                    ReadOnlySpan<double> other = probabilities.Slice(j * labels, labels);
                    var overlap = Distribution.Overlap(own, other);
                    agreement += overlap;
                    ally = Math.Max(ally, overlap);
                    opposition = Math.Max(opposition, TensorPrimitives.Max(other) * (1 - overlap));
                }
            }

            agreement = count > 1 ? agreement / (count - 1) : 1;
            var confidence = TensorPrimitives.Max(own);
            var row = signals.Slice(i * Count, Count);
            row[0] = 1;
            row[1] = confidence;
            row[2] = Distribution.NormalisedEntropy(own);
            row[3] = agreement;
            row[4] = 1 + Math.Max(Math.Log(gateWeights[i]), LeastLogWeight) / -LeastLogWeight;
            row[5] = 1.0 / count;
            row[6] = confidence * agreement;
            row[7] = opposition;
            row[8] = ally;
            Consensus(probabilities, labels, gateWeights, i, consensus);
            var backing = Distribution.Overlap(own, consensus);
            row[9] = backing;
            row[10] = TensorPrimitives.Max<double>(consensus) * (1 - backing);
        }
    }

    // c proportional to prod_j (r_j p_j + (1 - r_j) / K) over the others, r_j = 0.9 min(1, n g_j): whom the gate gives less than a fair
    // share is believed less. Even when nobody else spoke.
    private static void Consensus(
        ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<double> gateWeights, int except, Span<double> consensus)
    {
        consensus.Clear();
        for (var j = 0; j < gateWeights.Length; j++)
        {
            var believed = j == except ? 0 : Believed * Math.Min(1, gateWeights.Length * gateWeights[j]);
            for (var k = 0; k < labels && believed > 0; k++)
            {
                consensus[k] += Math.Log(believed * probabilities[j * labels + k] + (1 - believed) / labels);
            }
        }

        LogSpace.Softmax(consensus, consensus);
    }
}
