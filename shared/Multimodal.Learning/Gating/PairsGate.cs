namespace Multimodal.Learning.Gating;

/// <summary>
/// Asks by pairs: an expert's logit is how well the best pair would do that it makes with somebody present, so the two largest are the
/// pair that is foretold to cost least. Of a best pair, which have the same, the one better alone comes first. Who is present but cannot be asked
/// (its service is down) still counts as a partner here: the gate is not told, and the best two of the rest need not be their best pair.
/// </summary>
internal sealed class PairsGate : IGate
{
    // So little that it only breaks ties: a thousandth of what an expert is foretold to cost alone.
    private const double Alone = 1e-3;

    private readonly FeatureScaler _scaler;
    private readonly PairsNetwork _network;
    private readonly double[] _parameters;
    private readonly int[] _presence;

    public PairsGate(GateState state)
    {
        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        _scaler = new FeatureScaler(state.Scaling);
        _network = PairsNetwork.Of(state);
        _parameters = PairsNetwork.From(state);
        _presence = [.. state.Modalities!.Select(modality => state.Scaling.Blocks.FirstOrDefault(block => block.Modality == modality)?.Offset ?? -1)];
    }

    public string Version { get; }

    public IReadOnlyList<string> Experts { get; }

    public IReadOnlyList<string> Features { get; }

    public void Score(ReadOnlySpan<float> features, Span<double> logits)
    {
        Span<double> input = stackalloc double[_network.Features];
        Span<double> units = stackalloc double[_network.Hidden];
        Span<double> costs = stackalloc double[_network.Outputs];
        _scaler.Apply(features, input);
        _network.Forward(_parameters, input, units, costs);
        for (int i = 0; i < logits.Length; i++)
        {
            double alone = costs[PairsNetwork.At(i, i)];
            double least = double.PositiveInfinity;
            for (int j = 0; j < logits.Length; j++)
            {
                bool here = _presence[j] < 0 || input[_presence[j]] > 0;
                least = i != j && here ? Math.Min(least, costs[PairsNetwork.At(Math.Min(i, j), Math.Max(i, j))]) : least;
            }

            logits[i] = -(double.IsFinite(least) ? least : alone) - Alone * alone;
        }
    }
}
