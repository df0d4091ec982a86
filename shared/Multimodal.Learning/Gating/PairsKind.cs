using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking two experts that complement each other (docs/decisions/0108). The best and the second best expert often make the same
/// mistakes, so kinds that score experts one by one do not ask for the best pair. The cost of a pair is c = -ln p(y), at most 4, of the
/// product of its two opinions; for one expert, of its own opinion. The output o predicts ln of the cost from the features of the two
/// experts alone. It is fitted by the quasi-likelihood of a positive mean under a log link, L = e^o - c o (McCullagh and Nelder 1989,
/// section 9.2), with its minimum at e^o = E[c]. Every opinion is recorded, so every example trains all its pairs.
/// </summary>
internal sealed class PairsKind : IGateKind
{
    public string Name => "pairs";

    public string Strategy => "mixtral";

    public bool UsesPairs => true;

    public IEnumerable<string> Problems(GateState state)
    {
        var tables = state.Pairs?.Select(pair => pair is null ? null : PairsNetwork.Table(pair)).ToArray();
        var problems = PairCosts.Problems(state, "pairs", tables, 1);
        return state.Weights.Count == 0 && state.Hidden is null
            ? problems
            : problems.Prepend("a gate of kind pairs has its weights in pairs; this state has an older form. Train the gate again.");
    }

    public IGate Open(GateState state) => new PairsGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden)
    {
        var network = new PairsNetwork(set.Features.Count, hidden, [.. set.Experts.Select(expert => expert.Modality)], set.Blocks);
        network.CheckWidth();
        return network;
    }

    public GateState WithParameters(
        GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        state with
        {
            Modalities = [.. experts.Select(expert => expert.Modality)],
            Pairs = [.. ((PairsNetwork)network).ToTables(parameters).Select(PairsNetwork.Pair)],
        };

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            loss += PairCosts.AddCostLoss(batch, n, 1, 0);
        }

        return loss;
    }
}
