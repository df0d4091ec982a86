using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A gate over modalities and one within each, trained by expectation and maximisation (Jordan and Jacobs 1994). At the beginning of a
/// round, the posteriors h_m and h_{i|m} are computed with the current gate. During the round, the gates approach them by gradient descent
/// on Q = -sum_m h_m (ln g_m + sum_i h_{i|m} ln g_{i|m}), which is generalised EM: the likelihood does not fall. Outputs: u per modality,
/// then v per expert.
/// </summary>
internal sealed class HierarchicalKind : IGateKind
{
    // Keeps the logarithm of a gate weight finite if the weight underflows.
    private const double MinWeight = 1e-300;

    public string Name => "hierarchical";

    public string Strategy => "hierarchical";

    public int EmRounds => 8;

    public IEnumerable<string> Problems(GateState state)
    {
        if (state.Modalities?.Count != state.Experts.Count)
        {
            yield return $"modalities has {state.Modalities?.Count ?? 0} entries; it must have one per expert, {state.Experts.Count}.";
        }
        else if (state.Weights.Count != state.Modalities.Distinct().Count() + state.Experts.Count)
        {
            yield return $"weights has {state.Weights.Count} rows; it must have one per modality and one per expert, "
                + $"{state.Modalities.Distinct().Count() + state.Experts.Count} in all.";
        }
    }

    public IGate Open(GateState state) => new HierarchicalGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) =>
        new GateNetwork(set.Features.Count, hidden, set.Experts.DistinctBy(e => e.Modality).Count() + set.Experts.Count);

    public GateState WithParameters(
        GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((GateNetwork)network).ToState(state, parameters, network.Outputs) with { Modalities = [.. experts.Select(e => e.Modality)] };

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        var modalities = batch.Output(0).Length - batch.Experts;
        var now = new ModalityTree(modalities, batch.Experts);
        var previous = new ModalityTree(modalities, batch.Experts);
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            now.Compute(batch.Output(n), batch.LogLikelihood(n), batch.HasOpinion(n), batch.Modalities);
            if (!batch.Training)
            {
                loss -= now.LogLikelihood;
                continue;
            }

            previous.Compute(batch.PreviousOutput(n), batch.LogLikelihood(n), batch.HasOpinion(n), batch.Modalities);
            loss += AddExpectedLoss(now, previous, batch, n);
        }

        return loss;
    }

    // Q and its gradient: g_m - h_m for modalities, h_m (g_{i|m} - h_{i|m}) for experts.
    private static double AddExpectedLoss(ModalityTree now, ModalityTree previous, GateBatch batch, int example)
    {
        var gradient = batch.Gradient(example);
        var modalities = gradient.Length - batch.Experts;
        double loss = 0;
        for (var m = 0; m < modalities; m++)
        {
            var posterior = previous.ModalityPosterior[m];
            gradient[m] += now.ModalityGate[m] - posterior;
            loss -= posterior > 0 ? posterior * Math.Log(Math.Max(now.ModalityGate[m], MinWeight)) : 0;
        }

        for (var e = 0; e < batch.Experts; e++)
        {
            var modality = previous.ModalityPosterior[batch.Modalities[e]];
            var joint = modality * previous.ExpertPosterior[e];
            gradient[modalities + e] += modality * now.ExpertGate[e] - joint;
            loss -= joint > 0 ? joint * Math.Log(Math.Max(now.ExpertGate[e], MinWeight)) : 0;
        }

        return loss;
    }
}
