using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A kind of gate: what its numbers mean and what it is trained to do, with frozen experts. Stateless. One class per kind, found by its
/// name.
/// </summary>
internal interface IGateKind
{
    /// <summary>Stable name, for example <c>top-k</c>.</summary>
    string Name { get; }

    /// <summary>The selection strategy whose choices it is trained for.</summary>
    string Strategy { get; }

    /// <summary>Passes of expectation and maximisation in training; 1 for kinds that are trained by descent alone.</summary>
    int EmRounds => 1;

    /// <summary>Whether training draws noise.</summary>
    bool IsNoisy => false;

    /// <summary>Whether training needs <see cref="GateBatch.PairLogLikelihood"/>.</summary>
    bool UsesPairs => false;

    /// <summary>Whether the mean of the outputs of some gates is again a gate of the kind.</summary>
    bool CanAverage => true;

    /// <summary>Mistakes in what only this kind has; the rest of a state is checked for all.</summary>
    IEnumerable<string> Problems(GateState state) =>
        state.Weights.Count == state.Experts.Count ? [] : [$"weights has {state.Weights.Count} rows where {state.Experts.Count} are needed."];

    /// <summary>Makes the gate from a checked state.</summary>
    IGate Open(GateState state) => new SoftmaxGate(state);

    /// <summary>What is fitted to sets of this shape.</summary>
    /// <exception cref="ArgumentException">The kind cannot be made so, for example with hidden units.</exception>
    IGateNetwork CreateNetwork(RecordedSet set, int hidden) => new GateNetwork(set.Features.Count, hidden, set.Experts.Count);

    /// <summary>Fills in what the network has learned.</summary>
    /// <param name="state">Version, experts and scaling.</param>
    /// <param name="network">As made by <see cref="CreateNetwork"/>.</param>
    /// <param name="parameters">Of the network.</param>
    /// <param name="experts">In the order of the state.</param>
    GateState WithParameters(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((GateNetwork)network).ToState(state, parameters, experts.Count);

    /// <summary>
    /// Sum of the losses over a batch; writes dLoss/dOutputs of each example into the batch. While training it contains what only
    /// training wants (noise, capacity, balance), else it is how well the choices do.
    /// </summary>
    double Loss(GateBatch batch, TrainingOptions options);
}
