using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A kind of gate: the meaning of its state and the loss that trains it while the experts are fixed. Stateless. One class per kind, found
/// by name in <see cref="Gates"/>.
/// </summary>
internal interface IGateKind
{
    /// <summary>Stable name, for example <c>top-k</c>.</summary>
    string Name { get; }

    /// <summary>Name of the selection strategy that the kind is trained for.</summary>
    string Strategy { get; }

    /// <summary>Rounds of expectation and maximisation in training; 1 for kinds that are trained by gradient descent alone.</summary>
    int EmRounds => 1;

    /// <summary>Whether training draws noise.</summary>
    bool IsNoisy => false;

    /// <summary>Whether training needs <see cref="GateBatch.PairLogLikelihood"/>.</summary>
    bool UsesPairs => false;

    /// <summary>Whether the mean of the outputs of several gates is a gate of the same kind.</summary>
    bool CanAverage => true;

    /// <summary>Mistakes in the parts of a state that only this kind has.</summary>
    IEnumerable<string> Problems(GateState state) => state.Weights.Count == state.Experts.Count
        ? []
        : [$"weights has {state.Weights.Count} rows; it must have one per expert, {state.Experts.Count}."];

    /// <summary>Makes the gate of a checked state.</summary>
    IGate Open(GateState state) => new SoftmaxGate(state);

    /// <summary>The network that is trained on recorded sets of this shape.</summary>
    /// <param name="set">Gives the features and the experts.</param>
    /// <param name="hidden">Number of hidden units, at least 0.</param>
    /// <exception cref="ArgumentException">The kind does not support the shape, for example hidden units.</exception>
    IGateNetwork CreateNetwork(RecordedSet set, int hidden) => new GateNetwork(set.Features.Count, hidden, set.Experts.Count);

    /// <summary>A state with the trained parameters.</summary>
    /// <param name="state">Version, experts and scaling.</param>
    /// <param name="network">A result of <see cref="CreateNetwork"/>.</param>
    /// <param name="parameters">Parameters of the network.</param>
    /// <param name="experts">The experts in the order of the state.</param>
    GateState WithParameters(
        GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((GateNetwork)network).ToState(state, parameters, experts.Count);

    /// <summary>
    /// Sum of the losses over a batch; writes dLoss/dOutput of each example into the batch. Noise, capacity and balance only count in a
    /// training step (<see cref="GateBatch.Training"/>).
    /// </summary>
    double Loss(GateBatch batch, TrainingOptions options);
}
