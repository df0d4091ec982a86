using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// The opinions of one request as a matrix, sorted by the names of the experts, so that the order of arrival does not change any bit of an
/// answer.
/// </summary>
internal sealed class OpinionTable
{
    /// <summary>ln of the minimum probability in an opinion, 2e-22. It keeps all sums finite.</summary>
    public const double Floor = -50;

    private readonly int[] _order;

    private OpinionTable(int[] order, int labels)
    {
        _order = order;
        Labels = labels;
        LogProbabilities = new double[order.Length * labels];
        Weights = new double[order.Length];
        Experts = new string[order.Length];
    }

    public int Count => _order.Length;

    public int Labels { get; }

    /// <summary>[opinions x labels], finite and discounted by trust; the probabilities of each row sum to one.</summary>
    public double[] LogProbabilities { get; }

    /// <summary>The gate's weights; the sum is 1. Equal if the gate gave none of these experts a weight.</summary>
    public double[] Weights { get; }

    public string[] Experts { get; }

    public ReadOnlySpan<double> Row(int opinion) => LogProbabilities.AsSpan(opinion * Labels, Labels);

    /// <exception cref="ArgumentException">
    /// The list or its first opinion is empty, the opinions have different numbers of labels, or two opinions come from the same expert.
    /// </exception>
    public static OpinionTable From(IReadOnlyList<WeightedOpinion> opinions)
    {
        if (opinions.Count == 0 || opinions[0].LogProbabilities.Count == 0)
        {
            throw new ArgumentException("There is no opinion to fuse.", nameof(opinions));
        }

        int[] order = [.. Enumerable.Range(0, opinions.Count).OrderBy(i => opinions[i].Expert, StringComparer.Ordinal)];
        var table = new OpinionTable(order, opinions[0].LogProbabilities.Count);
        for (var row = 0; row < order.Length; row++)
        {
            var opinion = opinions[order[row]];
            if (opinion.LogProbabilities.Count != table.Labels || (row > 0 && opinion.Expert == table.Experts[row - 1]))
            {
                throw new ArgumentException(
                    $"The opinion of {opinion.Expert} has another number of labels or occurs twice.", nameof(opinions));
            }

            table.Experts[row] = opinion.Expert;
            table.Weights[row] = opinion.Weight;
            var logs = table.LogProbabilities.AsSpan(row * table.Labels, table.Labels);
            for (var k = 0; k < logs.Length; k++)
            {
                logs[k] = opinion.LogProbabilities[k];
            }

            Normalise(logs);
            Discounting.Apply(logs, opinion.Trust);
        }

        Distribution.Normalise(table.Weights);
        return table;
    }

    /// <summary>The table without one row. Its own order of rows is the given order.</summary>
    public OpinionTable Without(int row)
    {
        var rest = new OpinionTable([.. Enumerable.Range(0, Count - 1)], Labels);
        CopyWithout<string>(Experts, rest.Experts, row, 1);
        CopyWithout<double>(Weights, rest.Weights, row, 1);
        CopyWithout<double>(LogProbabilities, rest.LogProbabilities, row, Labels);
        Distribution.Normalise(rest.Weights);
        return rest;
    }

    /// <summary>Copies rows of a width, without one of them.</summary>
    public static void CopyWithout<T>(ReadOnlySpan<T> from, Span<T> to, int row, int width)
    {
        from[..(row * width)].CopyTo(to);
        from[((row + 1) * width)..].CopyTo(to[(row * width)..]);
    }

    /// <summary>Normalises ln p of one opinion in place, with the floor; NaN counts as the floor.</summary>
    public static void Normalise(Span<double> logs)
    {
        var max = double.MinValue;
        foreach (var value in logs)
        {
            max = value > max ? Math.Min(value, double.MaxValue) : max;
        }

        for (var k = 0; k < logs.Length; k++)
        {
            var shifted = Math.Min(logs[k], double.MaxValue) - max;
            logs[k] = shifted > Floor ? shifted : Floor;
        }

        LogSpace.LogSoftmax(logs, logs);
    }

    /// <summary>Reorders one value per row to the order of the given opinions.</summary>
    public double[] InGivenOrder(ReadOnlySpan<double> values)
    {
        var given = new double[Count];
        for (var row = 0; row < given.Length; row++)
        {
            given[_order[row]] = values[row];
        }

        return given;
    }

    /// <summary>Reorders one value per given opinion to the order of the rows.</summary>
    public double[] InTableOrder(IReadOnlyList<double> given) => [.. _order.Select(index => given[index])];

    /// <summary>Makes the result of a rule.</summary>
    /// <param name="logProbabilities">ln p per label of the answer.</param>
    /// <param name="weights">One per row.</param>
    /// <param name="contribution">Computes the contribution of a row to a label.</param>
    public FusedOpinion ToFused(double[] logProbabilities, ReadOnlySpan<double> weights, Func<int, int, double> contribution)
    {
        var label = Distribution.ArgMax(logProbabilities);
        var contributions = new double[Count];
        for (var row = 0; row < contributions.Length; row++)
        {
            contributions[row] = contribution(row, label);
        }

        return new FusedOpinion
        {
            LogProbabilities = logProbabilities,
            Label = label,
            Weights = InGivenOrder(weights),
            Contributions = InGivenOrder(contributions),
        };
    }

    /// <summary>The value at the label minus the mean over all labels.</summary>
    public static double Centred(ReadOnlySpan<double> values, int label) => values[label] - TensorPrimitives.Sum(values) / values.Length;
}
