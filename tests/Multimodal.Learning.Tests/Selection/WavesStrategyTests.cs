using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Tests.Selection;

/// <summary>The order in which the strategy <c>waves</c> asks.</summary>
public sealed class WavesStrategyTests
{
    private static readonly int[] Modalities = [0, 0, 1, 1, 2, 2];

    [Fact]
    public void Order_ThreeModalities_TwoInWaveZeroThenTheThirdThenTheSiblings()
    {
        var (weights, waves) = Select([true, true, true, true, true, true], null);
        Assert.Equal([0, 2, 0, 3, 1, 4], waves);
        Assert.All(weights, weight => Assert.True(weight > 0));
        Assert.Equal(Math.Exp(1), weights[0] / weights[1], 12);
    }

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(3, new[] { 0, 2, 4 })]
    [InlineData(4, new[] { 0, 1, 2, 4 })]
    public void Select_K_SelectsTheFirstInOrder(int k, int[] selected)
    {
        var (weights, _) = Select([true, true, true, true, true, true], k);
        Assert.Equal(selected, Enumerable.Range(0, 6).Where(e => weights[e] > 0));
    }

    [Theory]
    [InlineData(new[] { true, true, false, false, false, false }, new[] { 0, 1, 0, 0, 0, 0 })]
    [InlineData(new[] { false, true, false, true, false, false }, new[] { 0, 0, 0, 1, 0, 0 })]
    [InlineData(new[] { true, false, false, false, false, false }, new[] { 0, 0, 0, 0, 0, 0 })]
    public void Order_OneOrTwoModalities_OneInWaveZero(bool[] available, int[] waves) => Assert.Equal(waves, Select(available, null).Waves);

    [Fact]
    public void Order_ManyExperts_IsThatOfTheDefinition()
    {
        var random = new Random(5);
        for (var n = 1; n <= 60; n++)
        {
            // Few values, so that some are equal.
            double[] logits = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(8))];
            int[] modalities = [.. Enumerable.Range(0, n).Select(_ => random.Next(4))];
            bool[] available = [.. Enumerable.Range(0, n).Select(_ => random.Next(5) > 0)];
            double[] bias = [.. Enumerable.Range(0, n).Select(_ => random.Next(3) / 2.0)];
            var candidates = new Candidates(logits, available, modalities) { Bias = bias };
            var waves = new int[n];

            SelectionStrategies.Table["waves"].Order(candidates, new double[n], waves);

            var order = Definition(logits, bias, available, modalities);
            var atOnce = (order.Select(expert => modalities[expert]).Distinct().Count() + 1) / 2;
            Assert.Equal(order.Select((_, rank) => Math.Max(0, rank - atOnce + 1)), order.Select(expert => waves[expert]));
        }
    }

    /// <summary>The order as the summary of the strategy defines it, one comparison with all experts at a time.</summary>
    private static List<int> Definition(double[] logits, double[] bias, bool[] available, int[] modalities)
    {
        List<int> order = [];
        double Score(int expert) => logits[expert] + bias[expert];
        IEnumerable<int> Rest() => Enumerable.Range(0, logits.Length).Where(expert => available[expert] && !order.Contains(expert));
        while (Rest().Where(expert => order.All(other => modalities[other] != modalities[expert])).ToArray() is { Length: > 0 } unheard)
        {
            order.Add(unheard.MaxBy(Score));
        }

        while (Rest().ToArray() is { Length: > 0 } siblings)
        {
            order.Add(siblings.MaxBy(expert => Score(expert) - order.Where(other => modalities[other] == modalities[expert]).Max(other => logits[other])));
        }

        return order;
    }

    private static (double[] Weights, int[] Waves) Select(bool[] available, int? k)
    {
        var strategy = SelectionStrategies.Table["waves"];
        Assert.True(strategy.AsksInWaves);
        var candidates = new Candidates([3, 2, 1, -1, 0, -4], available, Modalities);
        var weights = new double[candidates.Count];
        var waves = new int[candidates.Count];
        strategy.Select(candidates, k, weights);
        strategy.Order(candidates, weights, waves);
        return (weights, waves);
    }
}
