using Multimodal.Learning.Training;

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

    public bool JudgesPairs => true;

    public IEnumerable<string> Problems(GateState state)
    {
        int experts = state.Experts.Count;
        if (state.Weights.Count > 0 || state.Hidden is not null)
        {
            yield return "a gate of pairs has its weights in pairs; one of an older form must be trained again.";
        }

        if (experts == 0)
        {
            yield return "experts is empty.";
        }
        else if (state.Modalities?.Count != experts)
        {
            yield return "modalities are not one per expert.";
        }
        else if (state.Pairs?.Count != PairsNetwork.Count(experts))
        {
            yield return $"pairs has {state.Pairs?.Count ?? 0} entries where one per expert and one per two are needed, {PairsNetwork.Count(experts)} in all.";
        }
        else if (state.Pairs.Any(pair => pair is null))
        {
            yield return "pairs holds an entry that is null.";
        }
        else if (!state.Scaling.Problems().Any())
        {
            // Of blocks that are wrong, which the scaling says itself, no network can be made.
            foreach (string problem in PairsNetwork.Of(state, state.Pairs[0].Hidden, 1).Problems("pairs", [.. state.Pairs.Select(PairsNetwork.Table)]))
            {
                yield return problem;
            }
        }
    }

    public IGate Open(GateState state) => new PairsGate(state);

    public IGateNetwork Network(RecordedSet set, int hidden)
    {
        var network = new PairsNetwork(set.Features.Count, hidden, [.. set.Experts.Select(expert => expert.Modality)], set.Blocks);
        network.CheckWidth();
        return network;
    }

    public GateState Fill(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) => state with
    {
        Modalities = [.. experts.Select(expert => expert.Modality)],
        Pairs = [.. ((PairsNetwork)network).Cut(parameters).Select(PairsNetwork.Pair)],
    };

    // dL/do = e^o - c.
    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (int n = 0; n < batch.Count; n++)
        {
            loss += PairCosts.AddForetold(batch, n, 1, 0);
        }

        return loss;
    }
}
