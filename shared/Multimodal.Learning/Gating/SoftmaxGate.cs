namespace Multimodal.Learning.Gating;

/// <summary>
/// The gate of Jacobs, Jordan, Nowlan and Hinton (1991): logits linear in the standardised features, with an optional hidden layer. The
/// sparse kinds compute the same and differ only in their training loss and selection strategy.
/// </summary>
public sealed class SoftmaxGate : IGate
{
    private readonly TrainedNetwork _network;

    /// <param name="state">A trained state; it is copied.</param>
    /// <exception cref="ArgumentException">
    /// The state is inconsistent or of a kind with other logits, or has more than 1,024 features or hidden units.
    /// </exception>
    public SoftmaxGate(GateState state)
    {
        string[] problems = [.. state.Problems()];
        var hidden = state.Hidden?.Bias.Count ?? 0;
        if (problems.Length > 0 || state.Scaling.Features.Count > TrainedNetwork.MaxWidth || hidden > TrainedNetwork.MaxWidth
            || state.Weights.Count != state.Experts.Count)
        {
            throw new ArgumentException($"The state is not that of a usable softmax gate. {string.Join(" ", problems)}", nameof(state));
        }

        Version = state.Version;
        Experts = [.. state.Experts];
        Features = [.. state.Scaling.Features];
        var network = new GateNetwork(Features.Count, hidden, Experts.Count);
        _network = new TrainedNetwork(state.Scaling, network, GateNetwork.From(state));
    }

    /// <inheritdoc />
    public string Version { get; }

    /// <inheritdoc />
    public IReadOnlyList<string> Experts { get; }

    /// <inheritdoc />
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc />
    public void Score(ReadOnlySpan<float> features, Span<double> logits) => _network.Run(features, logits);
}
