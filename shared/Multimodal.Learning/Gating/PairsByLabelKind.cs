using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// Like <c>pairs</c>, but the cost of a pair depends on the label (docs/decisions/0111). A softmax over all features predicts the label,
/// trained with log loss. The cost of a pair is predicted for each label, and only the prediction for the true label is trained, with the
/// loss of <see cref="PairsKind"/>. It helps if the features carry information about the label.
/// </summary>
internal sealed class PairsByLabelKind : IGateKind
{
    public string Name => "pairs-by-label";

    public string Strategy => "mixtral";

    public bool UsesPairs => true;

    public IEnumerable<string> Problems(GateState state) => state.Weights.Count == 0 || state.Hidden is not null
        ? ["weights must have one row per label, and there must be no hidden layer beside it."]
        : PairCosts.Problems(state, "tables", state.Tables, state.Weights.Count);

    public IGate Open(GateState state) => new PairsByLabelGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden)
    {
        string[] modalities = [.. set.Experts.Select(expert => expert.Modality)];
        var pairs = new PairsNetwork(set.Features.Count, hidden, modalities, set.Blocks, set.LabelCount);
        pairs.CheckWidth(set.LabelCount);
        return new PairsByLabelNetwork(pairs, set.LabelCount);
    }

    public GateState WithParameters(
        GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((PairsByLabelNetwork)network).ToState(state, parameters) with { Modalities = [.. experts.Select(expert => expert.Modality)] };

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            var label = batch.TrueLabels[n];
            loss += PairCosts.AddCostLoss(batch, n, batch.LabelCount, label);

            // -ln p(y), dL/ds = p - 1_y.
            ReadOnlySpan<double> scores = batch.Output(n)[^batch.LabelCount..];
            var gradient = batch.Gradient(n)[^batch.LabelCount..];
            loss += LogSpace.LogSumExp(scores) - scores[label];
            LogSpace.Softmax(scores, gradient);
            gradient[label]--;
        }

        return loss;
    }
}
