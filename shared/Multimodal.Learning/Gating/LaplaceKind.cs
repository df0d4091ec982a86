using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>A gate by distance (Laplace gate, FuseMoE 2024), with the loss of <see cref="SoftKind"/>.</summary>
internal sealed class LaplaceKind : IGateKind
{
    public string Name => "laplace";

    public string Strategy => "top-k";

    // The mean of distances to different centres is not a distance to a centre.
    public bool CanAverage => false;

    public IEnumerable<string> Problems(GateState state)
    {
        if (state.Weights.Count != state.Experts.Count)
        {
            yield return $"weights has {state.Weights.Count} rows; it must have one per expert, {state.Experts.Count}.";
        }

        if (!(state.Sharpness > 0) || !double.IsFinite(state.Sharpness.Value))
        {
            yield return "sharpness must be above 0.";
        }

        if (state.Hidden is not null)
        {
            yield return "a laplace gate cannot have a hidden layer.";
        }
    }

    public IGate Open(GateState state) => new LaplaceGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) => hidden == 0
        ? new DistanceNetwork(set.Features.Count, set.Experts.Count)
        : throw new ArgumentException("A laplace gate cannot have a hidden layer. Train it with 0 hidden units.");

    public GateState WithParameters(
        GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((DistanceNetwork)network).ToState(state, parameters);

    public double Loss(GateBatch batch, TrainingOptions options) => SoftKind.DenseLoss(batch, options);
}
