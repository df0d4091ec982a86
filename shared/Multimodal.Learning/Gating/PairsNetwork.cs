namespace Multimodal.Learning.Gating;

/// <summary>
/// A small network for every expert and every two, each of which sees only the features of its own modalities and those of none: what two
/// make of a request does not depend on the state of the others. Output j (j + 1) / 2 + i, i &lt;= j, is that of experts i and j, or of i alone.
/// </summary>
internal sealed class PairsNetwork : IGateNetwork
{
    private readonly Part[] _parts;

    public PairsNetwork(int features, int hidden, IReadOnlyList<string> modalities, IReadOnlyList<ModalityBlock> blocks)
    {
        (Features, PartHidden) = (features, hidden);
        ModalityBlock[] common =
        [
            .. Enumerable.Range(0, features).Where(f => !blocks.Any(block => f >= block.Offset && f < block.Offset + block.Length))
                .Select(f => new ModalityBlock("", f, 1)),
        ];
        _parts = new Part[Count(modalities.Count)];
        for (int j = 0; j < modalities.Count; j++)
        {
            for (int i = 0; i <= j; i++)
            {
                string[] seen = [.. new[] { modalities[i], modalities[j] }.Distinct(StringComparer.Ordinal)];
                ModalityBlock[] own = [.. seen.SelectMany(modality => blocks.Where(block => block.Modality == modality)), .. common];
                var network = new GateNetwork(own.Sum(block => block.Length), hidden, 1);
                _parts[At(i, j)] = new Part(network, own, ParameterCount);
                ParameterCount += network.ParameterCount;
            }
        }
    }

    public int Features { get; }

    public int PartHidden { get; }

    public int Hidden => _parts.Length * PartHidden;

    public int Outputs => _parts.Length;

    public int ParameterCount { get; }

    /// <summary>Outputs for so many experts.</summary>
    public static int Count(int experts) => At(0, experts);

    /// <summary>The place of two experts, i &lt;= j; of one alone where they are the same.</summary>
    public static int At(int i, int j) => j * (j + 1) / 2 + i;

    /// <summary>The network of a state, which may still be wrong.</summary>
    public static PairsNetwork Of(GateState state) =>
        new(state.Scaling.Features.Count, state.Pairs![0].Hidden?.Bias.Count ?? 0, state.Modalities!, state.Scaling.Blocks);

    public void Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> units, Span<double> outputs)
    {
        Span<double> seen = stackalloc double[Features];
        for (int at = 0; at < _parts.Length; at++)
        {
            Part part = _parts[at];
            part.Network.Forward(
                part.Own(parameters), part.Gather(input, seen), units.Slice(at * PartHidden, PartHidden), outputs.Slice(at, 1));
        }
    }

    public void Backward(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> units,
        ReadOnlySpan<double> outputGradient, Span<double> gradient)
    {
        Span<double> seen = stackalloc double[Features];
        for (int at = 0; at < _parts.Length; at++)
        {
            Part part = _parts[at];
            if (outputGradient[at] != 0)
            {
                part.Network.Backward(
                    part.Own(parameters), part.Gather(input, seen), units.Slice(at * PartHidden, PartHidden), outputGradient.Slice(at, 1),
                    gradient.Slice(part.Offset, part.Network.ParameterCount));
            }
        }
    }

    public double[] Start(Random random) => [.. _parts.SelectMany(part => part.Network.Start(random))];

    public double[] Decay() => [.. _parts.SelectMany(part => part.Network.Decay())];

    public int[] OwnedBy(int output) => [.. Enumerable.Range(_parts[output].Offset, _parts[output].Network.ParameterCount)];

    /// <summary>What each small network has learned.</summary>
    public GatePair[] Cut(ReadOnlySpan<double> parameters)
    {
        var pairs = new GatePair[_parts.Length];
        for (int at = 0; at < pairs.Length; at++)
        {
            pairs[at] = _parts[at].Network.IntoPair(_parts[at].Own(parameters));
        }

        return pairs;
    }

    /// <summary>The parameters that <see cref="Cut"/> wrote.</summary>
    public static double[] From(GateState state) => [.. state.Pairs!.SelectMany(GateNetwork.From)];

    /// <summary>Mistakes in the numbers of a state.</summary>
    public IEnumerable<string> Problems(IReadOnlyList<GatePair> pairs)
    {
        if (Hidden > TrainedNetwork.MaxWidth || Outputs > TrainedNetwork.MaxWidth)
        {
            yield return $"pairs has {Outputs} entries with {PartHidden} hidden units each, more than {TrainedNetwork.MaxWidth} in all.";
        }

        foreach ((int at, GatePair pair) in pairs.Index())
        {
            int width = _parts[at].Network.Features;
            if ((pair.Hidden?.Bias.Count ?? 0) != PartHidden)
            {
                yield return $"pairs[{at}] has {pair.Hidden?.Bias.Count ?? 0} hidden units where the first has {PartHidden}.";
                continue;
            }

            IEnumerable<string> problems = StateJson.CheckNumbers($"pairs[{at}].weights", pair.Weights, width)
                .Concat(StateJson.CheckNumbers($"pairs[{at}].bias", [pair.Bias], 1))
                .Concat(pair.Hidden is not { } layer ? [] : StateJson.CheckMatrix($"pairs[{at}].hidden.weights", layer.Weights, PartHidden, width)
                    .Concat(StateJson.CheckNumbers($"pairs[{at}].hidden.bias", layer.Bias, PartHidden))
                    .Concat(StateJson.CheckMatrix($"pairs[{at}].hidden.output", layer.Output, 1, PartHidden)));
            foreach (string problem in problems)
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
            int length = 0;
            foreach (ModalityBlock block in Blocks)
            {
                input.Slice(block.Offset, block.Length).CopyTo(seen[length..]);
                length += block.Length;
            }

            return seen[..length];
        }
    }
}
