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

    // Larger requests use the heap.
    private const int MaxStack = 256;

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
        var overlaps = count * count <= MaxStack ? stackalloc double[count * count] : new double[count * count];
        TensorPrimitives.Exp(logProbabilities, probabilities);
        WriteOverlaps(probabilities, labels, overlaps);
        WriteRows(probabilities, labels, gateWeights, overlaps, signals);
    }

    /// <summary>Computes the overlap of each two opinions.</summary>
    /// <param name="probabilities">[opinions x labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="overlaps">[opinions x opinions]; overwritten except for the diagonal.</param>
    public static void WriteOverlaps(ReadOnlySpan<double> probabilities, int labels, Span<double> overlaps)
    {
        var count = probabilities.Length / labels;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                overlaps[(i * count) + j] = overlaps[(j * count) + i] =
                    Distribution.Overlap(probabilities.Slice(i * labels, labels), probabilities.Slice(j * labels, labels));
            }
        }
    }

    /// <summary>Computes one row of signals per opinion, with known overlaps.</summary>
    /// <param name="probabilities">[opinions x labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="gateWeights">One per opinion; the sum is 1.</param>
    /// <param name="overlaps">[opinions x opinions]; the diagonal is not used.</param>
    /// <param name="signals">[opinions x <see cref="Count"/>]; overwritten.</param>
    public static void WriteRows(
        ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<double> gateWeights, ReadOnlySpan<double> overlaps, Span<double> signals)
    {
        var count = gateWeights.Length;
        var consensus = count * labels <= MaxStack ? stackalloc double[count * labels] : new double[count * labels];
        WriteConsensus(probabilities, labels, gateWeights, consensus);
        var confidences = count <= MaxStack ? stackalloc double[count] : new double[count];
        for (var i = 0; i < count; i++)
        {
            confidences[i] = TensorPrimitives.Max(probabilities.Slice(i * labels, labels));
        }

        for (var i = 0; i < count; i++)
        {
            double agreement = 0;
            double opposition = 0;
            double ally = 0;
            for (var j = 0; j < count; j++)
            {
                if (j != i)
                {
                    var overlap = overlaps[(i * count) + j];
                    agreement += overlap;
                    ally = Math.Max(ally, overlap);
                    opposition = Math.Max(opposition, confidences[j] * (1 - overlap));
                }
            }

            agreement = count > 1 ? agreement / (count - 1) : 1;
            var own = probabilities.Slice(i * labels, labels);
            ReadOnlySpan<double> others = consensus.Slice(i * labels, labels);
            var row = signals.Slice(i * Count, Count);
            row[0] = 1;
            row[1] = confidences[i];
            row[2] = Distribution.NormalisedEntropy(own);
            row[3] = agreement;
            row[4] = 1 + Math.Max(Math.Log(gateWeights[i]), MinLogWeight) / -MinLogWeight;
            row[5] = 1.0 / count;
            row[6] = confidences[i] * agreement;
            row[7] = opposition;
            row[8] = ally;
            row[9] = Distribution.Overlap(own, others);
            row[10] = TensorPrimitives.Max(others) * (1 - row[9]);
        }
    }

    // Per opinion, c proportional to prod_j (r_j p_j + (1 - r_j) / K) over the other opinions, r_j = 0.9 min(1, n g_j): an opinion with less than a fair
    // share of the gate's weight is less reliable. Uniform without other opinions.
    private static void WriteConsensus(ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<double> gateWeights, Span<double> consensus)
    {
        var logs = probabilities.Length <= MaxStack ? stackalloc double[probabilities.Length] : new double[probabilities.Length];
        logs.Clear();
        for (var j = 0; j < gateWeights.Length; j++)
        {
            var reliability = MaxReliability * Math.Min(1, gateWeights.Length * gateWeights[j]);
            for (var k = 0; k < labels && reliability > 0; k++)
            {
                logs[j * labels + k] = Math.Log(reliability * probabilities[j * labels + k] + (1 - reliability) / labels);
            }
        }

        LeaveOneOut.AddOthers(logs, labels, consensus);
        for (var i = 0; i < gateWeights.Length; i++)
        {
            var own = consensus.Slice(i * labels, labels);
            LogSpace.Softmax(own, own);
        }
    }
}
