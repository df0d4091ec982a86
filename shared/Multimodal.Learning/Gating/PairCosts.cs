namespace Multimodal.Learning.Gating;

/// <summary>What the gates of pairs have in common: learning what two will cost, and asking the two foretold to cost least.</summary>
internal static class PairCosts
{
    // So little that it only breaks ties: a thousandth of what an expert is foretold to cost alone.
    private const double Alone = 1e-3;

    /// <summary>Adds the loss of what was foretold of every pair at hand, L = e^o - c o over the number of all pairs: dL/do = e^o - c.</summary>
    /// <param name="batch">Outputs and what the pairs cost.</param>
    /// <param name="example">Position in the batch.</param>
    /// <param name="each">Outputs per pair.</param>
    /// <param name="which">The one of them that is meant.</param>
    public static double AddCostLoss(GateBatch batch, int example, int each, int which)
    {
        var outputs = batch.Output(example);
        var gradient = batch.Gradient(example);
        var pairs = PairsNetwork.PairCount(batch.Experts);
        double loss = 0;
        for (var j = 0; j < batch.Experts; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                if (batch.HasOpinion(example)[i] && batch.HasOpinion(example)[j])
                {
                    var at = PairsNetwork.IndexOf(i, j) * each + which;
                    var cost = MixtureLoss.Cost(i == j ? batch.LogLikelihood(example)[i] : batch.PairLogLikelihood(example)[i * batch.Experts + j]);
                    var foretold = Math.Exp(outputs[at]);
                    loss += (foretold - cost * outputs[at]) / pairs;
                    gradient[at] = (foretold - cost) / pairs;
                }
            }
        }

        return loss;
    }

    /// <summary>An expert's logit is how well its best pair with somebody present would do; of one that has nobody, how well it would do alone.</summary>
    /// <param name="costs">Logarithms of what is foretold, in the order of <see cref="PairsNetwork.IndexOf"/>.</param>
    /// <param name="input">Standardised features.</param>
    /// <param name="presence">As <see cref="Presence"/> says.</param>
    /// <param name="logits">One per expert.</param>
    public static void Logits(ReadOnlySpan<double> costs, ReadOnlySpan<double> input, ReadOnlySpan<int> presence, Span<double> logits)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            var alone = costs[PairsNetwork.IndexOf(i, i)];
            var least = double.PositiveInfinity;
            for (var j = 0; j < logits.Length; j++)
            {
                var here = presence[j] < 0 || input[presence[j]] > 0;
                least = i != j && here ? Math.Min(least, costs[PairsNetwork.IndexOf(Math.Min(i, j), Math.Max(i, j))]) : least;
            }

            logits[i] = -(double.IsFinite(least) ? least : alone) - Alone * alone;
        }
    }

    /// <summary>Per expert the feature that tells whether its modality is there, or -1.</summary>
    public static int[] Presence(GateState state) =>
        [.. state.Modalities!.Select(modality => state.Scaling.Blocks.FirstOrDefault(block => block.Modality == modality)?.Offset ?? -1)];

    /// <summary>Mistakes in what a state has of the pairs.</summary>
    /// <param name="state">Its experts, modalities and scaling.</param>
    /// <param name="name">What the entries are called there.</param>
    /// <param name="entries">The entries, as they were read.</param>
    /// <param name="each">Outputs of an entry.</param>
    public static IEnumerable<string> Problems(GateState state, string name, IReadOnlyList<GateTable?>? entries, int each)
    {
        var experts = state.Experts.Count;
        if (experts == 0)
        {
            return ["experts is empty."];
        }

        if (state.Modalities?.Count != experts)
        {
            return ["modalities are not one per expert."];
        }

        if (entries?.Count != PairsNetwork.PairCount(experts))
        {
            return [$"{name} has {entries?.Count ?? 0} entries where one per expert and one per two are needed, {PairsNetwork.PairCount(experts)} in all."];
        }

        GateTable[] tables = [.. entries.OfType<GateTable>()];
        if (tables.Length < entries.Count)
        {
            return [$"{name} holds an entry that is null."];
        }

        // Of blocks that are wrong, which the scaling says itself, no network can be made.
        return state.Scaling.Problems().Any() ? [] : PairsNetwork.Of(state, tables[0].Hidden, each).Problems(name, tables);
    }
}
