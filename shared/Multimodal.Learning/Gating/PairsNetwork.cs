using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A small network for every expert and every two, each of which sees only the features of its own modalities and those of none: what two
/// make of a request does not depend on the state of the others. Entry j (j + 1) / 2 + i, i &lt;= j, is that of experts i and j, or of i alone; the
/// outputs of an entry stand side by side.
/// </summary>
internal sealed class PairsNetwork : IGateNetwork
{
    private readonly Part[] _parts;
    private readonly int _each;

    public PairsNetwork(int features, int hidden, IReadOnlyList<string> modalities, IReadOnlyList<ModalityBlock> blocks, int each = 1)
    {
        (Features, PartHidden, _each) = (features, hidden, each);
        ModalityBlock[] common =
        [
            .. Enumerable.Range(0, features).Where(f => !blocks.Any(block => f >= block.Offset && f < block.Offset + block.Length))
                .Select(f => new ModalityBlock("", f, 1)),
        ];
        _parts = new Part[PairCount(modalities.Count)];
        for (var j = 0; j < modalities.Count; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                string[] seen = [.. new[] { modalities[i], modalities[j] }.Distinct(StringComparer.Ordinal)];
                ModalityBlock[] own = [.. seen.SelectMany(modality => blocks.Where(block => block.Modality == modality)), .. common];
                var network = new GateNetwork(own.Sum(block => block.Length), hidden, each);
                _parts[IndexOf(i, j)] = new Part(network, own, ParameterCount);
                ParameterCount += network.ParameterCount;
            }
        }
    }

    public int Features { get; }

    public int PartHidden { get; }

    public int Hidden => _parts.Length * PartHidden;

    public int Outputs => _parts.Length * _each;

    public int ParameterCount { get; }

    /// <summary>Entries for so many experts.</summary>
    public static int PairCount(int experts) => IndexOf(0, experts);

    /// <summary>The place of two experts, i &lt;= j; of one alone where they are the same.</summary>
    public static int IndexOf(int i, int j) => j * (j + 1) / 2 + i;

    /// <summary>The network of a state, which may still be wrong.</summary>
    /// <param name="state">Its scaling and modalities.</param>
    /// <param name="layer">The hidden layer of its first entry.</param>
    /// <param name="each">Outputs of an entry.</param>
    public static PairsNetwork Of(GateState state, GateHiddenLayer? layer, int each) =>
        new(state.Scaling.Features.Count, layer?.Bias.Count ?? 0, state.Modalities!, state.Scaling.Blocks, each);

    /// <summary>Says before the training that it is too wide: units and outputs count once for every pair.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public void CheckWidth(int more = 0)
    {
        if (Outputs + more > TrainedNetwork.MaxWidth || Hidden > TrainedNetwork.MaxWidth)
        {
            throw new ArgumentException(
                $"{_parts.Length} entries with {PartHidden} hidden units and {_each} outputs each are more than {TrainedNetwork.MaxWidth} in all; take fewer units or experts.");
        }
    }

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        Span<double> seen = stackalloc double[Features];
        for (var at = 0; at < _parts.Length; at++)
        {
            var part = _parts[at];
            part.Network.Forward(
                part.Own(parameters), part.Gather(input, seen), units.Slice(at * PartHidden, PartHidden), outputs.Slice(at * _each, _each));
        }
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        Span<double> seen = stackalloc double[Features];
        for (var at = 0; at < _parts.Length; at++)
        {
            var part = _parts[at];
            var error = outputGradient.Slice(at * _each, _each);
            if (error.ContainsAnyExcept(0))
            {
                part.Network.Backward(
                    part.Own(parameters), part.Gather(input, seen), units.Slice(at * PartHidden, PartHidden), error,
                    gradient.Slice(part.Offset, part.Network.ParameterCount));
            }
        }
    }

    public double[] InitialParameters(Random random) => [.. _parts.SelectMany(part => part.Network.InitialParameters(random))];

    public double[] DecayMask() => [.. _parts.SelectMany(part => part.Network.DecayMask())];

    // An entry's units are the one output's own, and shared by several.
    public int[] ParametersOf(int output)
    {
        var part = _parts[output / _each];
        return [.. (_each == 1 ? Enumerable.Range(0, part.Network.ParameterCount) : part.Network.ParametersOf(output % _each)).Select(p => part.Offset + p)];
    }

    /// <summary>What each small network has learned.</summary>
    public GateTable[] ToTables(ReadOnlySpan<double> parameters)
    {
        var tables = new GateTable[_parts.Length];
        for (var at = 0; at < tables.Length; at++)
        {
            tables[at] = _parts[at].Network.ToTable(_parts[at].Own(parameters));
        }

        return tables;
    }

    /// <summary>The parameters that <see cref="ToTables"/> wrote.</summary>
    public static double[] From(IEnumerable<GateTable> tables) => [.. tables.SelectMany(GateNetwork.From)];

    /// <summary>An entry with one output as tables have it.</summary>
    public static GateTable Table(GatePair pair) => new([pair.Weights], [pair.Bias], pair.Hidden);

    /// <summary>The other way.</summary>
    public static GatePair Pair(GateTable table) => new(table.Weights[0], table.Bias[0], table.Hidden);

    /// <summary>Mistakes in the numbers of a state.</summary>
    public IEnumerable<string> Problems(string name, IReadOnlyList<GateTable> tables)
    {
        if (Hidden > TrainedNetwork.MaxWidth || Outputs > TrainedNetwork.MaxWidth)
        {
            yield return $"{name} has {_parts.Length} entries with {PartHidden} hidden units and {_each} outputs each, more than {TrainedNetwork.MaxWidth} in all.";
        }

        foreach (var (at, table) in tables.Index())
        {
            var width = _parts[at].Network.Features;
            if ((table.Hidden?.Bias.Count ?? 0) != PartHidden)
            {
                yield return $"{name}[{at}] has {table.Hidden?.Bias.Count ?? 0} hidden units where the first has {PartHidden}.";
                continue;
            }

            var problems = StateJson.CheckMatrix($"{name}[{at}].weights", table.Weights, _each, width)
                .Concat(StateJson.CheckNumbers($"{name}[{at}].bias", table.Bias, _each))
                .Concat(table.Hidden is not { } layer ? [] : StateJson.CheckMatrix($"{name}[{at}].hidden.weights", layer.Weights, PartHidden, width)
                    .Concat(StateJson.CheckNumbers($"{name}[{at}].hidden.bias", layer.Bias, PartHidden))
                    .Concat(StateJson.CheckMatrix($"{name}[{at}].hidden.output", layer.Output, _each, PartHidden)));
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    private sealed record Part(GateNetwork Network, ModalityBlock[] Blocks, int Offset)
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
