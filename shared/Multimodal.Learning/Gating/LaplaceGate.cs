namespace Multimodal.Learning.Gating;

/// <summary>
/// A gate by distance: the logit of an expert falls with the distance of the input from the expert's centre (<see
/// cref="DistanceNetwork"/>).
/// </summary>
internal sealed class LaplaceGate(GateState state) : IGate
{
    private readonly TrainedNetwork _network = new(
        state.Scaling, new DistanceNetwork(state.Scaling.Features.Count, state.Experts.Count), DistanceNetwork.From(state));

    public string Version { get; } = state.Version;

    public IReadOnlyList<string> Experts { get; } = [.. state.Experts];

    public IReadOnlyList<string> Features { get; } = [.. state.Scaling.Features];

    public void Score(ReadOnlySpan<float> features, Span<double> logits) => _network.Run(features, logits);
}
