using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// The gate whose outputs are the mean of those of some gates of one kind, under one scaling: linear parts are averaged, hidden layers set side by
/// side, each with its share of the output.
/// </summary>
internal static class GateMean
{
    public static GateState Of(IReadOnlyList<GateState> gates) => gates[0] with
    {
        Weights = RowMean.Of([.. gates.Select(gate => gate.Weights)]),
        Bias = RowMean.Of([.. gates.Select(gate => gate.Bias)]),
        Hidden = Hidden([.. gates.Select(gate => gate.Hidden)]),
        Pairs = gates[0].Pairs is not { } pairs ? null : [.. Enumerable.Range(0, pairs.Count).Select(at => Pair([.. gates.Select(gate => gate.Pairs![at])]))],
        Tables = gates[0].Tables is not { } tables ? null : [.. Enumerable.Range(0, tables.Count).Select(at => Table([.. gates.Select(gate => gate.Tables![at])]))],
    };

    /// <summary>Says before a training whether its gates will have a mean.</summary>
    /// <exception cref="ArgumentException">They will not.</exception>
    public static void CheckCanAverage(this IGateKind kind, RecordedSet set, int hidden, int gates)
    {
        if (!kind.CanAverage)
        {
            throw new ArgumentException($"Gates of kind '{kind.Name}' have no mean, so they make no committee.");
        }

        var units = kind.CreateNetwork(set, hidden).Hidden * gates;
        if (units > TrainedNetwork.MaxWidth)
        {
            throw new ArgumentException($"A committee of {gates} has {units} hidden units, more than {TrainedNetwork.MaxWidth}; take fewer units or members.");
        }
    }

    private static GatePair Pair(GatePair[] pairs) => new(
        RowMean.Of([.. pairs.Select(pair => pair.Weights)]), pairs.Average(pair => pair.Bias), Hidden([.. pairs.Select(pair => pair.Hidden)]));

    private static GateTable Table(GateTable[] tables) => new(
        RowMean.Of([.. tables.Select(table => table.Weights)]), RowMean.Of([.. tables.Select(table => table.Bias)]), Hidden([.. tables.Select(table => table.Hidden)]));

    private static GateHiddenLayer? Hidden(GateHiddenLayer?[] layers) => layers[0] is not { } first ? null : new(
        [.. layers.SelectMany(layer => layer!.Weights)],
        [.. layers.SelectMany(layer => layer!.Bias)],
        [.. first.Output.Select((_, row) => (double[])[.. layers.SelectMany(layer => layer!.Output[row].Select(weight => weight / layers.Length))])]);
}
