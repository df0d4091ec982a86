using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// A gate over modalities and one within each, by expectation and maximisation (Jordan and Jacobs 1994). At the beginning of a round the
/// posteriors h_m and h_{i|m} are taken from the gate as it is; during it each gate comes nearer to its posteriors,
/// Q = -sum_m h_m (ln g_m + sum_i h_{i|m} ln g_{i|m}). Their M-step solves this by least squares; here it is some passes of
/// descent, so it is the generalised form, whose likelihood cannot fall either. Outputs: u per modality, then v per expert.
/// </summary>
internal sealed class HierarchicalKind : IGateKind
{
    // A weight this small is that of logits hundreds apart; its logarithm must still be a number.
    private const double Least = 1e-300;

    public string Name => "hierarchical";

    public string Strategy => "hierarchical";

    public int EmRounds => 8;

    public IEnumerable<string> Problems(GateState state)
    {
        if (state.Modalities?.Count != state.Experts.Count)
        {
            yield return "modalities are not one per expert.";
        }
        else if (state.Weights.Count != state.Modalities.Distinct().Count() + state.Experts.Count)
        {
            yield return $"weights has {state.Weights.Count} rows where one per modality and one per expert are needed.";
        }
    }

    public IGate Open(GateState state) => new HierarchicalGate(state);

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) =>
        new GateNetwork(set.Features.Count, hidden, set.Experts.DistinctBy(e => e.Modality).Count() + set.Experts.Count);

    public GateState WithParameters(GateState state, IGateNetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<RecordedExpert> experts) =>
        ((GateNetwork)network).ToState(state, parameters, network.Outputs) with { Modalities = [.. experts.Select(e => e.Modality)] };

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        var modalities = batch.Output(0).Length - batch.Experts;
        var now = new Tree(modalities, batch.Experts);
        var before = new Tree(modalities, batch.Experts);
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            now.Climb(batch.Output(n), batch.LogLikelihood(n), batch.HasOpinion(n), batch.Modalities);
            if (!batch.Training)
            {
                loss -= now.LogLikelihood;
                continue;
            }

            before.Climb(batch.PreviousOutput(n), batch.LogLikelihood(n), batch.HasOpinion(n), batch.Modalities);
            loss += AddExpected(now, before, batch, n);
        }

        return loss;
    }

    // Q and its gradient: g_m - h_m above, h_m (g_{i|m} - h_{i|m}) below.
    private static double AddExpected(Tree now, Tree before, GateBatch batch, int example)
    {
        var gradient = batch.Gradient(example);
        var modalities = gradient.Length - batch.Experts;
        double loss = 0;
        for (var m = 0; m < modalities; m++)
        {
            gradient[m] += now.Gate[m] - before.Posterior[m];
            loss -= before.Posterior[m] > 0 ? before.Posterior[m] * Math.Log(Math.Max(now.Gate[m], Least)) : 0;
        }

        for (var e = 0; e < batch.Experts; e++)
        {
            var above = before.Posterior[batch.Modalities[e]];
            var below = above * before.OwnPosterior[e];
            gradient[modalities + e] += above * now.OwnGate[e] - below;
            loss -= below > 0 ? below * Math.Log(Math.Max(now.OwnGate[e], Least)) : 0;
        }

        return loss;
    }

    /// <summary>The two levels of gates over one example, with the posteriors given its label.</summary>
    internal sealed class Tree(int modalities, int experts)
    {
        private readonly double[] _row = new double[experts];
        private readonly double[] _above = new double[modalities];

        /// <summary>g_m; 0 where nobody is.</summary>
        public double[] Gate { get; } = new double[modalities];

        /// <summary>h_m.</summary>
        public double[] Posterior { get; } = new double[modalities];

        /// <summary>g_{i|m} of each expert in its modality.</summary>
        public double[] OwnGate { get; } = new double[experts];

        /// <summary>h_{i|m} of each expert in its modality.</summary>
        public double[] OwnPosterior { get; } = new double[experts];

        /// <summary>ln sum_m g_m sum_i g_{i|m} p_i(y).</summary>
        public double LogLikelihood { get; private set; }

        public void Climb(ReadOnlySpan<double> outputs, ReadOnlySpan<double> evidence, ReadOnlySpan<bool> given, ReadOnlySpan<int> modalityOf)
        {
            var own = outputs[modalities..];
            for (var m = 0; m < modalities; m++)
            {
                var any = false;
                for (var e = 0; e < experts; e++)
                {
                    var here = given[e] && modalityOf[e] == m;
                    _row[e] = here ? own[e] : double.NegativeInfinity;
                    any |= here;
                }

                var prior = LogSpace.LogSumExp(_row);
                Share(m, modalityOf, OwnGate);
                for (var e = 0; e < experts; e++)
                {
                    _row[e] += evidence[e];
                }

                // ln sum_i g_{i|m} p_i(y)
                _above[m] = any ? LogSpace.LogSumExp(_row) - prior : 0;
                Share(m, modalityOf, OwnPosterior);
                Gate[m] = any ? outputs[m] : double.NegativeInfinity;
                Posterior[m] = any ? outputs[m] + _above[m] : double.NegativeInfinity;
            }

            LogLikelihood = LogSpace.LogSumExp(Posterior) - LogSpace.LogSumExp(Gate);
            LogSpace.Softmax(Gate, Gate);
            LogSpace.Softmax(Posterior, Posterior);
        }

        // The softmax of the row into the places of modality m's experts.
        private void Share(int m, ReadOnlySpan<int> modalityOf, double[] shares)
        {
            var total = LogSpace.LogSumExp(_row);
            for (var e = 0; e < experts; e++)
            {
                if (modalityOf[e] == m)
                {
                    shares[e] = double.IsNegativeInfinity(_row[e]) ? 0 : Math.Exp(_row[e] - total);
                }
            }
        }
    }
}
