using Multimodal.Learning.Selection;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Selection;

/// <summary>Strategies with capacity, hierarchy and budget, and the selection bias.</summary>
public sealed class SteeredSelectionTests
{
    private static readonly bool[] Four = [true, true, true, true];
    private static readonly LoadBiasSettings BiasSettings = new(BusyMs: 200, Step: 0.1, MaxBias: 1);

    [Fact]
    public void Mixtral_NoK_TakesTwo() => LogSpaceTests.AssertClose(
        [0, Math.E / (1 + Math.E), 1 / (1 + Math.E), 0], Select("mixtral", new Candidates([0, 3, 2, 1], Four)), 1e-14);

    [Fact]
    public void Switch_BestIsFull_OverflowsToTheNextBest()
    {
        double[] logits = [0, 3, 2, 1];
        Assert.Equal([0, 1, 0, 0], Select("switch", new Candidates(logits, Four)));
        Assert.Equal([0, 0, 0, 1], Select("switch", new Candidates(logits, Four) { Full = [false, true, true, false] }));
        Assert.Equal([0, 1, 0, 0], Select("switch", new Candidates(logits, Four) { Full = [true, true, true, true] }));
    }

    /// <summary>
    /// Two siblings together have more mass than the expert with the best logit, and the selected one gets the mass of both.
    /// </summary>
    [Fact]
    public void Hierarchical_ModalityOfTwo_GetsItsWholeMass()
    {
        double[] logits = [Math.Log(3), Math.Log(2), Math.Log(2), Math.Log(1)];
        int[] modalities = [0, 1, 1, 2];
        Assert.Equal([0, 1, 0, 0], Select("hierarchical", new Candidates(logits, Four, modalities), 1));
        LogSpaceTests.AssertClose([3 / 8.0, 4 / 8.0, 0, 1 / 8.0], Select("hierarchical", new Candidates(logits, Four, modalities)), 1e-14);
        LogSpaceTests.AssertClose(
            [3 / 8.0, 2 / 8.0, 2 / 8.0, 1 / 8.0], Select("hierarchical", new Candidates(logits, Four, modalities), 4), 1e-14);
    }

    [Theory]
    [InlineData(10, 0, 0.5)] // the best and a cheap expert
    [InlineData(4, 1, 0.3)] // the two cheap experts without the best
    public void Budget_Costs_SelectsTheLargestAffordableWeight(double budget, int first, double share)
    {
        var weights = Select("budget", new Candidates([Math.Log(0.5), Math.Log(0.3), Math.Log(0.15), Math.Log(0.05)], Four)
        {
            Costs = [8, 2, 2, 9],
            Budget = budget,
        });
        var total = budget == 10 ? 0.8 : 0.45;
        Assert.Equal(share / total, weights[first], 1e-14);
        Assert.Equal(2, weights.Count(w => w > 0));
    }

    [Fact]
    public void Budget_NothingAffordable_SelectsTheCheapest() => Assert.Equal(
        [0, 0, 1, 0], Select("budget", new Candidates([3, 2, 1, 0], Four) { Costs = [5, 4, 3, 9], Budget = 1 }));

    [Fact]
    public void Budget_RandomCosts_NoOtherAffordableSetHasMoreWeight()
    {
        var random = new Random(1);
        for (var draw = 0; draw < 200; draw++)
        {
            var logits = RandomStates.Row(random, 6);
            double[] costs = [.. logits.Select(_ => random.NextDouble())];
            bool[] available = [.. logits.Select(_ => random.Next(5) > 0)];
            var weights = Select("budget", new Candidates(logits, available) { Costs = costs, Budget = 1.2 });
            if (!available.Contains(true))
            {
                continue;
            }

            double WeightOf(IEnumerable<int> set) => set.Sum(e => Math.Exp(logits[e]));
            int[] selected = [.. Enumerable.Range(0, 6).Where(e => weights[e] > 0)];
            Assert.True(selected.Sum(e => costs[e]) <= 1.2);
            for (var set = 1; set < 64; set++)
            {
                int[] other = [.. Enumerable.Range(0, 6).Where(e => (set >> e & 1) == 1)];
                Assert.True(
                    other.Any(e => !available[e]) || other.Sum(e => costs[e]) > 1.2 || WeightOf(other) <= WeightOf(selected) + 1e-9);
            }
        }
    }

    /// <summary>The bias changes which experts are selected; their weights only depend on their logits.</summary>
    [Theory]
    [InlineData("top-k")]
    [InlineData("top-k-per-modality")]
    [InlineData("mixtral")]
    [InlineData("hierarchical")]
    [InlineData("budget")]
    public void Bias_AnyStrategy_ChangesTheSelectionAndNotTheWeights(string strategy)
    {
        double[] logits = [2, 1.5, 1, 0.5];
        int[] modalities = [0, 0, 1, 1];
        var weights = Select(strategy, new Candidates(logits, Four, modalities) { Bias = [-9, 0, 0, 9] }, 2);
        Assert.Equal([false, true, false, true], weights.Select(w => w > 0));
        double[] mass = strategy == "hierarchical"
            ? [Math.Exp(2) + Math.Exp(1.5), Math.Exp(1) + Math.Exp(0.5)]
            : [Math.Exp(1.5), Math.Exp(0.5)];
        Assert.Equal(mass[0] / mass.Sum(), weights[1], 1e-14);
    }

    [Fact]
    public void UpdateByWait_OneExpertIsBusy_ChangesOnlyItsModality() => LogSpaceTests.AssertClose(
        [-0.1, 0.1, 0.2, -0.2], SelectionBias.UpdateByWait([0, 0, 0.4, -0.4], [900, 20, 20, 10], [0, 0, 1, 1], BiasSettings), 1e-15);

    [Fact]
    public void UpdateByWait_BusyForLong_StopsAtMaxBias()
    {
        double[] bias = [0, 0];
        for (var interval = 0; interval < 30; interval++)
        {
            bias = SelectionBias.UpdateByWait(bias, [900, 0], [0, 0], BiasSettings);
        }

        Assert.Equal([-1, 1], bias);
        Assert.Equal([-0.125, 0.125], SelectionBias.UpdateByWait(bias, [0, 0], [0, 0], BiasSettings, intervals: 3));
    }

    [Fact]
    public void UpdateByWait_SiblingHasNoWorker_Decays() => Assert.Equal(
        [0.25, 0], SelectionBias.UpdateByWait([0.5, 0.5], [900, double.NaN], [0, 0], BiasSettings));

    /// <summary>Nine of ten requests prefer expert 0. Only with the bias the load is even.</summary>
    [Fact]
    public void Bias_SkewedRequests_BalancesTheLoad()
    {
        var random = new Random(1);
        double[] bias = [0, 0, 0];
        double[] First(bool steered)
        {
            var load = new double[3];
            for (var n = 0; n < 100; n++)
            {
                double[] logits = [.. RandomStates.Row(random, 3).Select((x, e) => x + (e == 0 && n % 10 < 9 ? 2 : 0))];
                var weights = Select("hard", new Candidates(logits, [true, true, true]) { Bias = steered ? bias : [] });
                load[Array.IndexOf(weights, 1)]++;
            }

            return load;
        }

        var before = First(steered: false)[0];
        for (var round = 0; round < 400; round++)
        {
            bias = SelectionBias.Update(bias, First(steered: true), 0.02);
        }

        Assert.True(before > 70, $"{before}");
        Assert.InRange(Enumerable.Range(0, 10).Average(_ => First(steered: true)[0]), 28, 39);
    }

    [Fact]
    public void Update_KnownLoads_MovesByTheStep() =>
        Assert.Equal([0.9, 1, 0.1], SelectionBias.Update([1, 1, 0], [9, 5, 1], 0.1), (a, b) => Math.Abs(a - b) < 1e-15);

    private static double[] Select(string strategy, Candidates candidates, int? k = null)
    {
        var weights = new double[candidates.Count];
        SelectionStrategies.Table[strategy].Select(candidates, k, weights);
        return weights;
    }
}
