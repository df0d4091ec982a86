using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Tests.Selection;

public sealed class SelectionStrategyTests
{
    private static readonly bool[] AllSix = [true, true, true, true, true, true];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(6, 3)]
    public void TopK_NoK_TakesHalfRoundedUp(int available, int expected)
    {
        bool[] mask = [.. Enumerable.Range(0, 6).Select(i => i < available)];
        var weights = new double[6];
        var k = SelectionStrategies.Table["top-k"].Select(new Candidates([0, 1, 2, 3, 4, 5], mask), null, weights);
        Assert.Equal(expected, k);
        Assert.Equal(expected, weights.Count(w => w > 0));
    }

    [Fact]
    public void TopK_TwoOfSix_IsSoftmaxOverThoseTwo()
    {
        var weights = new double[6];
        SelectionStrategies.Table["top-k"].Select(new Candidates([1, 3, 2, 0, -1, 2.5], AllSix), 2, weights);
        var first = 1 / (1 + Math.Exp(-0.5));
        Assert.Equal([0, first, 0, 0, 0, 1 - first], weights.Select(w => Math.Round(w, 15)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void TopK_Ties_GoToTheLowerPosition()
    {
        var weights = new double[6];
        SelectionStrategies.Table["top-k"].Select(new Candidates([1, 1, 1, 1, 1, 1], AllSix), 2, weights);
        Assert.Equal([0.5, 0.5, 0, 0, 0, 0], weights);
    }

    [Fact]
    public void TopK_BestIsMasked_TakesTheNext()
    {
        var weights = new double[3];
        SelectionStrategies.Table["top-k"].Select(new Candidates([9, 1, 2], [false, true, true]), 1, weights);
        Assert.Equal([0, 0, 1], weights);
    }

    [Fact]
    public void TopK_ZeroK_CountsAsOne()
    {
        var weights = new double[2];
        Assert.Equal(1, SelectionStrategies.Table["top-k"].Select(new Candidates([1, 2], [true, true]), 0, weights));
        Assert.Equal([0, 1], weights);
    }

    [Fact]
    public void Hard_KOfThree_StillTakesOne()
    {
        var weights = new double[3];
        Assert.Equal(1, SelectionStrategies.Table["hard"].Select(new Candidates([1, 5, 2], [true, true, true]), 3, weights));
        Assert.Equal([0, 1, 0], weights);
    }

    [Fact]
    public void Soft_AllAvailable_IsSoftmax()
    {
        var weights = new double[3];
        Assert.Equal(3, SelectionStrategies.Table["soft"].Select(new Candidates([1, 2, 3], [true, true, true]), 1, weights));
        Assert.Equal(0.6652409557748219, weights[2], 14);
    }

    [Fact]
    public void TopKPerModality_SiblingsHaveTheHighestLogits_SelectsOneOfEachModality()
    {
        var weights = new double[6];
        var k = SelectionStrategies.Table["top-k-per-modality"].Select(
            new Candidates([9, 8, 1, 2, -5, -6], AllSix, [0, 0, 1, 1, 2, 2]), null, weights);
        Assert.Equal(3, k);
        Assert.Equal([true, false, false, true, true, false], weights.Select(w => w > 0));
        Assert.Equal(Math.Exp(-7) / (1 + Math.Exp(-7) + Math.Exp(-14)), weights[3], 14);
    }

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(2, new[] { 0, 3 })]
    [InlineData(4, new[] { 0, 1, 3, 4 })]
    [InlineData(9, new[] { 0, 1, 2, 3, 4, 5 })]
    public void TopKPerModality_K_AddsTheBestOfTheRest(int k, int[] chosen)
    {
        var weights = new double[6];
        Assert.Equal(k, SelectionStrategies.Table["top-k-per-modality"].Select(
            new Candidates([9, 8, 1, 2, -5, -6], AllSix, [0, 0, 1, 1, 2, 2]), k, weights));
        Assert.Equal(chosen, Enumerable.Range(0, 6).Where(e => weights[e] > 0));
    }

    [Fact]
    public void TopKPerModality_BestOfAModalityIsMasked_TakesItsSibling()
    {
        var weights = new double[4];
        Assert.Equal(2, SelectionStrategies.Table["top-k-per-modality"].Select(
            new Candidates([9, 8, 1, 2], [false, true, true, true], [0, 0, 1, 1]), null, weights));
        Assert.Equal([false, true, false, true], weights.Select(w => w > 0));
    }

    [Fact]
    public void NumberModalities_Names_SameNumberForTheSameName() =>
        Assert.Equal([0, 1, 0, 2], Candidates.NumberModalities(["text", "image", "text", "audio"]));
}
