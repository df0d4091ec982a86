namespace Multimodal.Learning.Gating;

/// <summary>
/// Gate of Jacobs, Jordan, Nowlan and Hinton (1991): logits linear in the standardised features, with an optional hidden layer.
/// </summary>
public sealed class SoftmaxGate : IGate
{
    // 1,024 doubles are 8 KB of stack; inputs wider than that are not "cheap features".
    private const int MaxWidth = 1024;

    private readonly FeatureScaler _scaler;
    private readonly GateNetwork _network;
    private readonly double[] _parameters;

    /// <summary>Makes the gate from a trained state, which it copies.</summary>
    /// <exception cref="ArgumentException">The state is inconsistent, or has more than 1,024 features or hidden units.</exception>
    public SoftmaxGate(GateState state)
    {
        string[] problems = [.. state.Problems()];
        int hidden = state.Hidden?.Bias.Count ?? 0;
        if (problems.Length > 0 || state.Scaling.Features.Count > MaxWidth || hidden > MaxWidth)
        {
            throw new ArgumentException($"This gate cannot be used. {string.Join(" ", problems)}", nameof(state));
        }

        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        _scaler = new FeatureScaler(state.Scaling);
        _network = new GateNetwork(_scaler.Count, hidden, Experts.Count);
        _parameters =
        [
            .. state.Weights.SelectMany(row => row), .. state.Bias,
            .. state.Hidden?.Weights.SelectMany(row => row) ?? [], .. state.Hidden?.Bias ?? [],
            .. state.Hidden?.Output.SelectMany(row => row) ?? [],
        ];
    }

    /// <inheritdoc />
    public string Version { get; }

    /// <inheritdoc />
    public IReadOnlyList<string> Experts { get; }

    /// <inheritdoc />
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc />
    public void Score(ReadOnlySpan<float> features, Span<double> logits)
    {
        Span<double> input = stackalloc double[_network.Features];
        Span<double> units = stackalloc double[_network.Hidden];
        _scaler.Apply(features, input);
        _network.Forward(_parameters, input, units, logits);
    }
}
