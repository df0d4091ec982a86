using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// The opinions of one request as one matrix, in the order of the experts' names, so that the order in which they arrived
/// cannot change even the last bit of an answer.
/// </summary>
internal sealed class OpinionTable
{
    /// <summary>
    /// ln of the least probability an opinion may give, 2e-22. It keeps every sum finite; how far one expert may veto a label
    /// is the rule's business.
    /// </summary>
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

    /// <summary>[opinions x labels], finite, discounted by trust; exp of each row sums to one.</summary>
    public double[] LogProbabilities { get; }

    /// <summary>The gate's weights, summing to one; even when the gate gave none of these experts any weight.</summary>
    public double[] Weights { get; }

    public string[] Experts { get; }

    public ReadOnlySpan<double> Row(int opinion) => LogProbabilities.AsSpan(opinion * Labels, Labels);

    /// <exception cref="ArgumentException">No opinion, opinions over different numbers of labels, or two of one expert.</exception>
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
                throw new ArgumentException($"The opinion of {opinion.Expert} has other labels, or comes twice.", nameof(opinions));
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

    /// <summary>Normalises one opinion, with the floor; NaN counts as the floor.</summary>
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

    /// <summary>Puts one value per opinion back into the order in which the opinions were given.</summary>
    public double[] InGivenOrder(ReadOnlySpan<double> values)
    {
        var given = new double[Count];
        for (var row = 0; row < given.Length; row++)
        {
            given[_order[row]] = values[row];
        }

        return given;
    }

    /// <summary>The reverse of <see cref="InGivenOrder"/>.</summary>
    public double[] InTableOrder(IReadOnlyList<double> given) => [.. _order.Select(position => given[position])];

    /// <summary>Packs up what a rule found.</summary>
    /// <param name="logProbabilities">The fused distribution.</param>
    /// <param name="weights">One per row of this table.</param>
    /// <param name="contribution">Of one row, for the fused label.</param>
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

    /// <summary>value at the label minus the mean over the labels.</summary>
    public static double Centred(ReadOnlySpan<double> values, int label) =>
        values[label] - System.Numerics.Tensors.TensorPrimitives.Sum(values) / values.Length;
}
