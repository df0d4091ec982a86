using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Numerics;

public sealed class DistributionTests
{
    [Theory]
    [InlineData(new[] { 0.25, 0.25, 0.25, 0.25 }, 1.0)]
    [InlineData(new[] { 1.0, 0.0 }, 0.0)]
    [InlineData(new[] { 0.5, 0.25, 0.25 }, 0.946394630357186)]
    [InlineData(new[] { 1.0 }, 0.0)]
    public void NormalisedEntropy_Distribution_MatchesReference(double[] p, double expected) =>
        Assert.Equal(expected, Distribution.NormalisedEntropy(p), 14);

    [Fact]
    public void Overlap_TwoDistributions_IsChanceOfTheSameDraw() =>
        Assert.Equal(0.5 * 0.2 + 0.3 * 0.3 + 0.2 * 0.5, Distribution.Overlap([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]), 15);

    [Theory]
    [InlineData(new[] { 1.0, 3.0, 3.0 }, 1)]
    [InlineData(new[] { double.NaN, -5.0 }, 1)]
    [InlineData(new[] { double.NaN, double.NaN }, 0)]
    public void ArgMax_TiesAndNaN_LowestPositionAndNeverNaN(double[] values, int expected) =>
        Assert.Equal(expected, Distribution.ArgMax(values));

    [Theory]
    [InlineData(new[] { 1.0, 3.0 }, new[] { 0.25, 0.75 })]
    [InlineData(new[] { 0.0, 0.0 }, new[] { 0.5, 0.5 })]
    [InlineData(new[] { double.NaN, 2.0 }, new[] { 0.0, 1.0 })]
    [InlineData(new[] { -1.0, 2.0 }, new[] { 0.0, 1.0 })]
    [InlineData(new[] { 1e308, 1e308 }, new[] { 0.5, 0.5 })]
    public void Normalise_AnyWeights_SumToOne(double[] weights, double[] expected)
    {
        double[] actual = [.. weights];
        Distribution.Normalise(actual);
        Assert.Equal(expected, actual);
    }
}
