using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A small network for every expert and every pair. It sees only the features of their modalities and the features of no modality, so its
/// outputs do not depend on the quality of other modalities. Entry j (j + 1) / 2 + i, i &lt;= j, belongs to the experts i and j, or to i
/// alone if i = j. The outputs of one entry are adjacent.
/// </summary>
internal sealed class PairsNetwork : IGateNetwork
{
    private readonly Entry[] _entries;
    private readonly int _outputsPerPair;

    public PairsNetwork(
        int features, int hidden, IReadOnlyList<string> modalities, IReadOnlyList<ModalityBlock> blocks, int outputsPerPair = 1)
    {
        (Features, EntryHidden, _outputsPerPair) = (features, hidden, outputsPerPair);
        ModalityBlock[] common =
        [
            .. Enumerable.Range(0, features).Where(f => !blocks.Any(block => f >= block.Offset && f < block.Offset + block.Length))
                .Select(f => new ModalityBlock("", f, 1)),
        ];
        _entries = new Entry[PairCount(modalities.Count)];
        for (var j = 0; j < modalities.Count; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                string[] seen = [.. new[] { modalities[i], modalities[j] }.Distinct(StringComparer.Ordinal)];
                ModalityBlock[] own = [.. seen.SelectMany(modality => blocks.Where(block => block.Modality == modality)), .. common];
                var network = new GateNetwork(own.Sum(block => block.Length), hidden, outputsPerPair);
                _entries[IndexOf(i, j)] = new Entry(network, own, ParameterCount);
                ParameterCount += network.ParameterCount;
            }
        }
    }

    public int Features { get; }

    /// <summary>Hidden units of each entry.</summary>
    public int EntryHidden { get; }

    public int Hidden => _entries.Length * EntryHidden;

    public int Outputs => _entries.Length * _outputsPerPair;

    public int ParameterCount { get; }

    /// <summary>Number of entries for a number of experts.</summary>
    public static int PairCount(int experts) => IndexOf(0, experts);

    /// <summary>Index of the entry of the experts i and j, i &lt;= j.</summary>
    public static int IndexOf(int i, int j) => j * (j + 1) / 2 + i;

    /// <summary>The network of a state; the numbers of the state need not be checked yet.</summary>
    /// <param name="state">Its scaling and modalities.</param>
    /// <param name="layer">The hidden layer of its first entry.</param>
    /// <param name="outputsPerPair">Number of outputs per entry.</param>
    public static PairsNetwork Of(GateState state, GateHiddenLayer? layer, int outputsPerPair) =>
        new(state.Scaling.Features.Count, layer?.Bias.Count ?? 0, state.Modalities!, state.Scaling.Blocks, outputsPerPair);

    /// <summary>Checks before training that the network is not too wide.</summary>
    /// <param name="moreOutputs">Further outputs beside it.</param>
    /// <exception cref="ArgumentException">It is too wide.</exception>
    public void CheckWidth(int moreOutputs = 0)
    {
        if (Outputs + moreOutputs > TrainedNetwork.MaxWidth || Hidden > TrainedNetwork.MaxWidth)
        {
            throw new ArgumentException(
                $"{_entries.Length} entries with {EntryHidden} hidden units and {_outputsPerPair} outputs each are more than "
                + $"{TrainedNetwork.MaxWidth} in all. Use fewer units or experts.");
        }
    }

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        Span<double> seen = stackalloc double[Features];
        for (var index = 0; index < _entries.Length; index++)
        {
            var entry = _entries[index];
            entry.Network.Forward(
                entry.Own(parameters), entry.Gather(input, seen),
                units.Slice(index * EntryHidden, EntryHidden), outputs.Slice(index * _outputsPerPair, _outputsPerPair));
        }
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        Span<double> seen = stackalloc double[Features];
        for (var index = 0; index < _entries.Length; index++)
        {
            var entry = _entries[index];
            var error = outputGradient.Slice(index * _outputsPerPair, _outputsPerPair);
            if (error.ContainsAnyExcept(0))
            {
                entry.Network.Backward(
                    entry.Own(parameters), entry.Gather(input, seen), units.Slice(index * EntryHidden, EntryHidden), error,
                    gradient.Slice(entry.Offset, entry.Network.ParameterCount));
            }
        }
    }

    public double[] InitialParameters(Random random) => [.. _entries.SelectMany(entry => entry.Network.InitialParameters(random))];

    public double[] DecayMask() => [.. _entries.SelectMany(entry => entry.Network.DecayMask())];

    // The hidden units of an entry affect all its outputs.
    public int[] ParametersOf(int output)
    {
        var entry = _entries[output / _outputsPerPair];
        var own = _outputsPerPair == 1
            ? Enumerable.Range(0, entry.Network.ParameterCount)
            : entry.Network.ParametersOf(output % _outputsPerPair);
        return [.. own.Select(p => entry.Offset + p)];
    }

    /// <summary>The parameters of each entry.</summary>
    public GateTable[] ToTables(ReadOnlySpan<double> parameters)
    {
        var tables = new GateTable[_entries.Length];
        for (var index = 0; index < tables.Length; index++)
        {
            tables[index] = _entries[index].Network.ToTable(_entries[index].Own(parameters));
        }

        return tables;
    }

    /// <summary>The parameters that <see cref="ToTables"/> wrote.</summary>
    public static double[] From(IEnumerable<GateTable> tables) => [.. tables.SelectMany(GateNetwork.From)];

    /// <summary>A table with the one output of a pair.</summary>
    public static GateTable Table(GatePair pair) => new([pair.Weights], [pair.Bias], pair.Hidden);

    /// <summary>The pair of a table with one output.</summary>
    public static GatePair Pair(GateTable table) => new(table.Weights[0], table.Bias[0], table.Hidden);

    /// <summary>Mistakes in the numbers of a state.</summary>
    public IEnumerable<string> Problems(string name, IReadOnlyList<GateTable> tables)
    {
        if (Hidden > TrainedNetwork.MaxWidth || Outputs > TrainedNetwork.MaxWidth)
        {
            yield return $"{name} has {_entries.Length} entries with {EntryHidden} hidden units and {_outputsPerPair} outputs each, "
                + $"more than {TrainedNetwork.MaxWidth} in all.";
        }

        foreach (var (index, table) in tables.Index())
        {
            var width = _entries[index].Network.Features;
            if ((table.Hidden?.Bias.Count ?? 0) != EntryHidden)
            {
                yield return
                    $"{name}[{index}] has {table.Hidden?.Bias.Count ?? 0} hidden units; it must have {EntryHidden}, like the first entry.";
                continue;
            }

            var problems = StateJson.CheckMatrix($"{name}[{index}].weights", table.Weights, _outputsPerPair, width)
                .Concat(StateJson.CheckNumbers($"{name}[{index}].bias", table.Bias, _outputsPerPair))
                .Concat(table.Hidden is not { } layer ? [] : StateJson
                    .CheckMatrix($"{name}[{index}].hidden.weights", layer.Weights, EntryHidden, width)
                    .Concat(StateJson.CheckNumbers($"{name}[{index}].hidden.bias", layer.Bias, EntryHidden))
                    .Concat(StateJson.CheckMatrix($"{name}[{index}].hidden.output", layer.Output, _outputsPerPair, EntryHidden)));
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    private sealed record Entry(GateNetwork Network, ModalityBlock[] Blocks, int Offset)
    {
        public ReadOnlySpan<double> Own(ReadOnlySpan<double> parameters) => parameters.Slice(Offset, Network.ParameterCount);

        public ReadOnlySpan<double> Gather(ReadOnlySpan<double> input, Span<double> seen)
        {
            var length = 0;
            foreach (var block in Blocks)
            {
                input.Slice(block.Offset, block.Length).CopyTo(seen[length..]);
                length += block.Length;
            }

            return seen[..length];
        }
    }
}
