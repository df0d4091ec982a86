using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// The gate whose outputs are the mean of the outputs of several gates of one kind and scaling. Linear parts are averaged. Hidden layers
/// are concatenated, with their output weights divided by the number of gates.
/// </summary>
internal static class GateMean
{
    public static GateState Of(IReadOnlyList<GateState> gates) => gates[0] with
    {
        Weights = RowMean.Of([.. gates.Select(gate => gate.Weights)]),
        Bias = RowMean.Of([.. gates.Select(gate => gate.Bias)]),
        Hidden = Hidden([.. gates.Select(gate => gate.Hidden)]),
        Pairs = gates[0].Pairs is not { } pairs
            ? null
            : [.. pairs.Select((_, entry) => Pair([.. gates.Select(gate => gate.Pairs![entry])]))],
        Tables = gates[0].Tables is not { } tables
            ? null
            : [.. tables.Select((_, entry) => Table([.. gates.Select(gate => gate.Tables![entry])]))],
    };

    /// <summary>Checks before a training that its gates can be averaged.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public static void CheckCanAverage(this IGateKind kind, RecordedSet set, int hidden, int gates)
    {
        if (!kind.CanAverage)
        {
            throw new ArgumentException(
                $"Gates of kind '{kind.Name}' have no mean. Train one gate instead of a committee, or use another kind.");
        }

        var units = kind.CreateNetwork(set, hidden).Hidden * gates;
        if (units > TrainedNetwork.MaxWidth)
        {
            throw new ArgumentException(
                $"A committee of {gates} has {units} hidden units, more than {TrainedNetwork.MaxWidth}. "
                + "Use fewer hidden units or members.");
        }
    }

    private static GatePair Pair(GatePair[] pairs) => new(
        RowMean.Of([.. pairs.Select(pair => pair.Weights)]),
        pairs.Average(pair => pair.Bias),
        Hidden([.. pairs.Select(pair => pair.Hidden)]));

    private static GateTable Table(GateTable[] tables) => new(
        RowMean.Of([.. tables.Select(table => table.Weights)]),
        RowMean.Of([.. tables.Select(table => table.Bias)]),
        Hidden([.. tables.Select(table => table.Hidden)]));

    private static GateHiddenLayer? Hidden(GateHiddenLayer?[] layers) => layers[0] is not { } first ? null : new(
        [.. layers.SelectMany(layer => layer!.Weights)],
        [.. layers.SelectMany(layer => layer!.Bias)],
        [.. first.Output.Select((_, row) => OutputRow(layers, row))]);

    private static double[] OutputRow(GateHiddenLayer?[] layers, int row) =>
        [.. layers.SelectMany(layer => layer!.Output[row].Select(weight => weight / layers.Length))];
}
