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
            foreach (string problem in PairsNetwork.Of(state).Problems(state.Pairs))
            {
                yield return problem;
            }
        }
    }

    public IGate Open(GateState state) => new PairsGate(state);

    public IGateNetwork Network(int features, int hidden, IReadOnlyList<RecordedExpert> experts, IReadOnlyList<ModalityBlock> blocks)
    {
        // Before the training, not after it: units count once for every pair.
        var network = new PairsNetwork(features, hidden, [.. experts.Select(expert => expert.Modality)], blocks);
        return network.Outputs <= TrainedNetwork.MaxWidth && network.Hidden <= TrainedNetwork.MaxWidth
            ? network
            : throw new ArgumentException(
                $"{experts.Count} experts make {network.Outputs} entries with {hidden} hidden units each, more than {TrainedNetwork.MaxWidth} in all; take fewer units.", nameof(hidden));
    }

    public GateState Fill(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) => state with
    {
        Modalities = [.. experts.Select(expert => expert.Modality)],
        Pairs = ((PairsNetwork)network).Cut(parameters),
    };

    // dL/do = e^o - c.
    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (int n = 0; n < batch.Count; n++)
        {
            Span<double> outputs = batch.Output(n);
            Span<double> gradient = batch.Gradient(n);
            for (int j = 0; j < batch.Experts; j++)
            {
                for (int i = 0; i <= j; i++)
                {
                    if (batch.Given(n)[i] && batch.Given(n)[j])
                    {
                        int at = PairsNetwork.At(i, j);
                        double cost = MixtureLoss.Cost(i == j ? batch.Evidence(n)[i] : batch.PairEvidence(n)[i * batch.Experts + j]);
                        double foretold = Math.Exp(outputs[at]);
                        loss += (foretold - cost * outputs[at]) / outputs.Length;
                        gradient[at] = (foretold - cost) / outputs.Length;
                    }
                }
            }
        }

        return loss;
    }
}
