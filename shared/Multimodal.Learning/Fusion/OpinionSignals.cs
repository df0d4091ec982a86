using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>The signals of each opinion, from which the learned rule computes its scores.</summary>
internal static class OpinionSignals
{
    /// <summary>
    /// Names in order. They are part of the state, so a state for other signals does not load. New signals are added at the end; older
    /// states give them weight 0.
    /// </summary>
    public static readonly string[] Names =
    [
        "one", "confidence", "entropy", "agreement", "gate", "share", "confidence-agreement", "opposition",
        "ally", "consensus", "dissent",
    ];

    private const int FirstCount = 8;

    // Bounds ln of a gate weight that has underflowed.
    private const double MinLogWeight = -8;

    // Reliability of an opinion with at least a fair share of the gate's weight, in the consensus.
    private const double MaxReliability = 0.9;

    // Larger label sets use the heap.
    private const int MaxStackLabels = 256;

    public static int Count => Names.Length;

    /// <summary>Whether these are the signals of this build or of an earlier one.</summary>
    public static bool IsSupported(IReadOnlyList<string> signals) =>
        (signals.Count == FirstCount || signals.Count == Count) && signals.SequenceEqual(Names.Take(signals.Count));

    /// <summary>Computes one row of signals per opinion.</summary>
    /// <param name="logProbabilities">[opinions x labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="gateWeights">One per opinion; the sum is 1.</param>
    /// <param name="probabilities">[opinions x labels]; overwritten with the probabilities.</param>
    /// <param name="signals">[opinions x <see cref="Count"/>]; overwritten.</param>
    public static void Write(
        ReadOnlySpan<double> logProbabilities, int labels, ReadOnlySpan<double> gateWeights,
        Span<double> probabilities, Span<double> signals)
    {
        var count = gateWeights.Length;
        TensorPrimitives.Exp(logProbabilities, probabilities);
        var consensus = labels <= MaxStackLabels ? stackalloc double[labels] : new double[labels];
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
            row[4] = 1 + Math.Max(Math.Log(gateWeights[i]), MinLogWeight) / -MinLogWeight;
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

    // c proportional to prod_j (r_j p_j + (1 - r_j) / K) over the other opinions, r_j = 0.9 min(1, n g_j): an opinion with less than a fair
    // share of the gate's weight is less reliable. Uniform without other opinions.
    private static void Consensus(
        ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<double> gateWeights, int except, Span<double> consensus)
    {
        consensus.Clear();
        for (var j = 0; j < gateWeights.Length; j++)
        {
            var reliability = j == except ? 0 : MaxReliability * Math.Min(1, gateWeights.Length * gateWeights[j]);
            for (var k = 0; k < labels && reliability > 0; k++)
            {
                consensus[k] += Math.Log(reliability * probabilities[j * labels + k] + (1 - reliability) / labels);
            }
        }

        LogSpace.Softmax(consensus, consensus);
    }
}
