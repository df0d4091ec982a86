using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// As <c>pairs</c>, with a guess at the label (docs/decisions/0111): which two tell best apart what is in question depends on what is in question. A
/// softmax over all features guesses the label, trained by its log loss; what a pair would cost is foretold for each label, and only the true one's
/// foretelling is taught, by the loss of <see cref="PairsKind"/>. Worth it where the features tell something of the label.
/// </summary>
internal sealed class PairsByLabelKind : IGateKind
{
    public string Name => "pairs-by-label";

    public string Strategy => "mixtral";

    public bool UsesPairs => true;

    public IEnumerable<string> Problems(GateState state) => state.Weights.Count == 0 || state.Hidden is not null
        ? ["weights are not one row per label, without a hidden layer."]
        : PairCosts.Problems(state, "tables", state.Tables, state.Weights.Count);

    public IGate Open(GateState state) => new PairsByLabelGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden)
    {
        var pairs = new PairsNetwork(set.Features.Count, hidden, [.. set.Experts.Select(expert => expert.Modality)], set.Blocks, set.LabelCount);
        pairs.CheckWidth(set.LabelCount);
        return new PairsByLabelNetwork(pairs, set.LabelCount);
    }

    public GateState WithParameters(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((PairsByLabelNetwork)network).ToState(state, parameters) with { Modalities = [.. experts.Select(expert => expert.Modality)] };

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            var truth = batch.TrueLabels[n];
            loss += PairCosts.AddCostLoss(batch, n, batch.LabelCount, truth);

            // -ln p(y), dL/ds = p - 1_y.
            ReadOnlySpan<double> scores = batch.Output(n)[^batch.LabelCount..];
            var gradient = batch.Gradient(n)[^batch.LabelCount..];
            loss += LogSpace.LogSumExp(scores) - scores[truth];
            LogSpace.Softmax(scores, gradient);
            gradient[truth]--;
        }

        return loss;
    }
}
