namespace Multimodal.Learning.Gating;

/// <summary>Gate by distance: an expert's logit falls with how far the input is from the expert's place (<see cref="DistanceNetwork"/>).</summary>
internal sealed class LaplaceGate(GateState state) : IGate
{
    private readonly TrainedNetwork _network = new(
        state.Scaling, new DistanceNetwork(state.Scaling.Features.Count, state.Experts.Count), DistanceNetwork.From(state));

    public string Version { get; } = state.Version;

    public IReadOnlyList<string> Experts { get; } = [.. state.Experts];

    public IReadOnlyList<string> Features { get; } = [.. state.Scaling.Features];

    public void Score(ReadOnlySpan<float> features, Span<double> logits) => _network.Run(features, logits);
}
