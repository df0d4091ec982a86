using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>By distance (FuseMoE 2024, Laplace gate), trained densely as <see cref="SoftKind"/> is.</summary>
internal sealed class LaplaceKind : IGateKind
{
    public string Name => "laplace";

    public string Strategy => "top-k";

    // The mean of distances to several places is the distance to none.
    public bool CanAverage => false;

    public IEnumerable<string> Problems(GateState state)
    {
        if (state.Weights.Count != state.Experts.Count)
        {
            yield return $"weights has {state.Weights.Count} rows where {state.Experts.Count} are needed.";
        }

        if (!(state.Sharpness > 0) || !double.IsFinite(state.Sharpness.Value))
        {
            yield return "sharpness is not above 0.";
        }

        if (state.Hidden is not null)
        {
            yield return "a laplace gate has no hidden layer.";
        }
    }

    public IGate Open(GateState state) => new LaplaceGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) => hidden == 0
        ? new DistanceNetwork(set.Features.Count, set.Experts.Count)
        : throw new ArgumentException("A laplace gate has no hidden layer.");

    public GateState WithParameters(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((DistanceNetwork)network).ToState(state, parameters);

    public double Loss(GateBatch batch, TrainingOptions options) => SoftKind.DenseLoss(batch, options);
}
