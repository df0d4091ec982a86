namespace Multimodal.Learning.Gating;

/// <summary>
/// Shared parts of the gates of pairs, which predict the cost of every pair of experts and ask the pair with the least cost.
/// </summary>
internal static class PairCosts
{
    // Breaks ties within the best pair: the expert with the lower cost alone gets the larger logit.
    private const double SingleCostShare = 1e-3;

    /// <summary>
    /// Adds the loss of the predicted costs of all pairs with both opinions, L = (e^o - c o) / (number of all pairs): dL/do = e^o - c.
    /// </summary>
    /// <param name="batch">Outputs and opinions.</param>
    /// <param name="example">Index in the batch.</param>
    /// <param name="outputsPerPair">Number of outputs per pair.</param>
    /// <param name="output">Index of the output of a pair that predicts its cost.</param>
    public static double AddCostLoss(GateBatch batch, int example, int outputsPerPair, int output)
    {
        var outputs = batch.Output(example);
        var gradient = batch.Gradient(example);
        var hasOpinion = batch.HasOpinion(example);
        var pairs = PairsNetwork.PairCount(batch.Experts);
        double loss = 0;
        for (var j = 0; j < batch.Experts; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                if (hasOpinion[i] && hasOpinion[j])
                {
                    var index = PairsNetwork.IndexOf(i, j) * outputsPerPair + output;
                    var logLikelihood = i == j ? batch.LogLikelihood(example)[i] : batch.PairLogLikelihood(example)[i * batch.Experts + j];
                    var cost = MixtureLoss.Cost(logLikelihood);
                    var predicted = Math.Exp(outputs[index]);
                    loss += (predicted - cost * outputs[index]) / pairs;
                    gradient[index] = (predicted - cost) / pairs;
                }
            }
        }

        return loss;
    }

    /// <summary>
    /// The logit of an expert is minus ln of the predicted cost of its best pair with an expert of a present modality. Without such an
    /// expert, it is minus ln of the predicted cost of asking it alone.
    /// </summary>
    /// <param name="costs">ln of the predicted costs, in the order of <see cref="PairsNetwork.IndexOf"/>.</param>
    /// <param name="input">Standardised features.</param>
    /// <param name="presence">Result of <see cref="Presence"/>.</param>
    /// <param name="logits">One per expert; overwritten.</param>
    public static void Logits(ReadOnlySpan<double> costs, ReadOnlySpan<double> input, ReadOnlySpan<int> presence, Span<double> logits)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            var alone = costs[PairsNetwork.IndexOf(i, i)];
            var least = double.PositiveInfinity;
            for (var j = 0; j < logits.Length; j++)
            {
                var isPresent = presence[j] < 0 || input[presence[j]] > 0;
                least = i != j && isPresent ? Math.Min(least, costs[PairsNetwork.IndexOf(Math.Min(i, j), Math.Max(i, j))]) : least;
            }

            logits[i] = -(double.IsFinite(least) ? least : alone) - SingleCostShare * alone;
        }
    }

    /// <summary>Per expert, the index of the feature that tells whether its modality is present, or -1.</summary>
    public static int[] Presence(GateState state) =>
        [.. state.Modalities!.Select(modality => state.Scaling.Blocks.FirstOrDefault(block => block.Modality == modality)?.Offset ?? -1)];

    /// <summary>Mistakes in the entries of a state.</summary>
    /// <param name="state">Its experts, modalities and scaling.</param>
    /// <param name="name">Name of the entries in the state.</param>
    /// <param name="entries">The entries as read.</param>
    /// <param name="outputsPerPair">Number of outputs per entry.</param>
    public static IEnumerable<string> Problems(GateState state, string name, IReadOnlyList<GateTable?>? entries, int outputsPerPair)
    {
        var experts = state.Experts.Count;
        if (experts == 0)
        {
            return ["experts is empty."];
        }

        if (state.Modalities?.Count != experts)
        {
            return [$"modalities has {state.Modalities?.Count ?? 0} entries; it must have one per expert, {experts}."];
        }

        if (entries?.Count != PairsNetwork.PairCount(experts))
        {
            return
            [
                $"{name} has {entries?.Count ?? 0} entries; it must have one per expert and one per pair, "
                + $"{PairsNetwork.PairCount(experts)} in all.",
            ];
        }

        GateTable[] tables = [.. entries.OfType<GateTable>()];
        if (tables.Length < entries.Count)
        {
            return [$"{name} has an entry that is null."];
        }

        // The scaling reports its own mistakes, and a network cannot be made from wrong blocks.
        return state.Scaling.Problems().Any() ? [] : PairsNetwork.Of(state, tables[0].Hidden, outputsPerPair).Problems(name, tables);
    }
}
