using Multimodal.Learning.Data;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking two that go well together: what a pair will cost is foretold from what is seen of the two alone, and the pair that promises to cost
/// least is asked (docs/decisions/0108). The best expert and the second best often know the same, so kinds that judge experts one by
/// one ask for a pair that is not the best. Cost is c = -ln p(y), held at 4, of the product of the two opinions (for an expert alone, of
/// its own), its foretold logarithm o is the network's output, fitted by the quasi-likelihood of a positive mean under a log link,
/// L = e^o - c o (McCullagh and Nelder 1989, section 9.2), whose least is at e^o = E[c]. As every answer is on record, every pair at
/// hand teaches in every example, whichever the gate would have asked.
/// </summary>
internal sealed class PairsKind : IGateKind
{
    public string Name => "pairs";

    public string Strategy => "mixtral";

    public bool UsesPairs => true;

    public IEnumerable<string> Problems(GateState state)
    {
        var problems = PairCosts.Problems(state, "pairs", state.Pairs?.Select(pair => pair is null ? null : PairsNetwork.Table(pair)).ToArray(), 1);
        return state.Weights.Count == 0 && state.Hidden is null
            ? problems
            : problems.Prepend("a gate of pairs has its weights in pairs; one of an older form must be trained again.");
    }

    public IGate Open(GateState state) => new PairsGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden)
    {
        var network = new PairsNetwork(set.Features.Count, hidden, [.. set.Experts.Select(expert => expert.Modality)], set.Blocks);
        network.CheckWidth();
        return network;
    }

    public GateState WithParameters(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) => state with
    {
        Modalities = [.. experts.Select(expert => expert.Modality)],
        Pairs = [.. ((PairsNetwork)network).ToTables(parameters).Select(PairsNetwork.Pair)],
    };

    // dL/do = e^o - c.
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
