using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Fuses opinions without each one in turn, for rules that add up terms. The sum of all other terms is that of the terms before plus that of the terms after, so all answers
/// together cost as much as a few, and nothing is subtracted.
/// </summary>
internal static class LeaveOneOut
{
    // Larger label sets use the heap.
    private const int MaxStack = 256;

    // Products with smaller weights may underflow to 0, whose logarithm is not finite.
    private const double MinWeight = 1e-250;

    /// <summary>Computes ln p, up to a common term, from the sums of the other opinions.</summary>
    /// <param name="sums">One sum per label; overwritten with ln p.</param>
    /// <param name="weight">Sum of the other weights, above 0.</param>
    public delegate void Finish(Span<double> sums, double weight);

    /// <summary>Fuses.</summary>
    /// <param name="table">At least two opinions.</param>
    /// <param name="terms">[opinions x labels], in the order of the table.</param>
    /// <param name="weights">One per opinion, in the order of the table.</param>
    /// <param name="finish">The rule.</param>
    /// <returns>In the order in which the opinions were given; null if the weights of the others are so small for any opinion that the sums lose precision.</returns>
    public static (int Label, double LogProbability)[]? Fuse(OpinionTable table, ReadOnlySpan<double> terms, ReadOnlySpan<double> weights, Finish finish)
    {
        var (labels, count) = (table.Labels, table.Count);
        var sums = new double[terms.Length];
        var otherWeights = new double[count];
        AddOthers(terms, labels, sums);
        AddOthers(weights, 1, otherWeights);
        var found = new double[count];
        var logs = new double[count];
        for (var row = 0; row < count; row++)
        {
            if (!(otherWeights[row] > MinWeight))
            {
                return null;
            }

            var answer = sums.AsSpan(row * labels, labels);
            finish(answer, otherWeights[row]);
            LogSpace.LogSoftmax(answer, answer);
            var label = Distribution.ArgMax(answer);
            (found[row], logs[row]) = (label, answer[label]);
        }

        return [.. table.InGivenOrder(found).Zip(table.InGivenOrder(logs), (label, log) => ((int)label, log))];
    }

    /// <summary>For each row, the sum of all other rows.</summary>
    /// <param name="rows">[rows x width].</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="sums">[rows x width]; overwritten.</param>
    public static void AddOthers(ReadOnlySpan<double> rows, int width, Span<double> sums)
    {
        var running = width <= MaxStack ? stackalloc double[width] : new double[width];
        running.Clear();
        sums.Clear();
        for (var from = 0; from < rows.Length; from += width)
        {
            running.CopyTo(sums[from..]);
            TensorPrimitives.Add(running, rows.Slice(from, width), running);
        }

        running.Clear();
        for (var from = rows.Length - width; from >= 0; from -= width)
        {
            TensorPrimitives.Add(sums.Slice(from, width), running, sums.Slice(from, width));
            TensorPrimitives.Add(running, rows.Slice(from, width), running);
        }
    }
}
