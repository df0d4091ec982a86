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
