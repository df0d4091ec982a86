using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Tests.Gating;

/// <summary>In which order experts are asked, and when one more is worth it.</summary>
public sealed class WavesTests
{
    private static readonly bool[] Six = [true, true, true, true, true, true];
    private static readonly int[] Media = [0, 0, 1, 1, 2, 2];

    [Fact]
    public void Order_ThreeMedia_TwoAtOnceThenTheThirdThenTheLikeliestSibling()
    {
        var candidates = new Candidates([3, 2, 1, -1, 0, -4], Six, Media);
        var (weights, waves) = Choose(candidates, null);
        Assert.Equal([0, 2, 0, 3, 1, 4], waves);
        Assert.All(weights, weight => Assert.True(weight > 0));
        Assert.Equal(Math.Exp(1), weights[0] / weights[1], 12);
    }

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(3, new[] { 0, 2, 4 })]
    [InlineData(4, new[] { 0, 1, 2, 4 })]
    public void Select_K_TakesTheFirstToBeAsked(int k, int[] chosen)
    {
        var (weights, _) = Choose(new Candidates([3, 2, 1, -1, 0, -4], Six, Media), k);
        Assert.Equal(chosen, Enumerable.Range(0, 6).Where(e => weights[e] > 0));
    }

    [Theory]
    [InlineData(new[] { true, true, false, false, false, false }, new[] { 0, 1, 0, 0, 0, 0 })]
    [InlineData(new[] { false, true, false, true, false, false }, new[] { 0, 0, 0, 1, 0, 0 })]
    [InlineData(new[] { true, false, false, false, false, false }, new[] { 0, 0, 0, 0, 0, 0 })]
    public void Order_OneOrTwoMedia_OneAtOnce(bool[] available, int[] waves) =>
        Assert.Equal(waves, Choose(new Candidates([3, 2, 1, -1, 0, -4], available, Media), null).Waves);

    [Fact]
    public void Chance_NobodySpokeForTheMedium_IsOne() => Assert.Equal(1, ValueOfAsking.Chance(2, [0.5, 0.3, 0.2], [0, 0, 1], [true, false, false]));

    [Fact]
    public void Chance_SiblingSpoke_IsTheGatesShare() =>
        Assert.Equal(0.375, ValueOfAsking.Chance(1, [0.5, 0.3, 0.2], [0, 0, 1], [true, false, true]), 15);

    [Fact]
    public void Chance_WeightsUnderflowed_IsEven() => Assert.Equal(0.5, ValueOfAsking.Chance(1, [0, 0], [0, 0], [true, false]));

    [Theory]
    [InlineData(0.94, 0.05, 2)]
    [InlineData(0.96, 0.05, -1)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(0.01, 1, -1)]
    public void Next_NewMedium_AskedWhenWhatCanBeGainedIsWorthThePrice(double confidence, double price, int expected) =>
        Assert.Equal(expected, ValueOfAsking.Next(confidence, price, [0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true]));

    [Theory]
    [InlineData(0.86, 1)]
    [InlineData(0.87, -1)]
    public void Next_OnlyASibling_CountsItsChance(double confidence, int expected) =>
        Assert.Equal(expected, ValueOfAsking.Next(confidence, 0.05, [0.5, 0.3, 0.2], [0, 0, 1], [true, false, true], [false, true, false]));

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 0.1, 1)]
    [InlineData(0.1, 0.1, -1)]
    public void Next_NotBelieved_PromisesLess(double sibling, double other, int expected) =>
        Assert.Equal(expected, ValueOfAsking.Next(0.6, 0.05, [0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true], [1, sibling, other]));

    [Fact]
    public void Next_NobodyOpen_IsNobody() => Assert.Equal(-1, ValueOfAsking.Next(0, 0, [1], [0], [true], [false]));

    private static (double[] Weights, int[] Waves) Choose(Candidates candidates, int? k)
    {
        ISelectionStrategy strategy = SelectionStrategies.Table["waves"];
        Assert.True(strategy.AsksInWaves);
        var weights = new double[candidates.Count];
        var waves = new int[candidates.Count];
        strategy.Select(candidates, k, weights);
        strategy.Order(candidates, weights, waves);
        return (weights, waves);
    }
}
