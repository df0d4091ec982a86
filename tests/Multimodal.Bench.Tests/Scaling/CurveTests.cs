using Multimodal.Bench.Scaling;

namespace Multimodal.Bench.Tests.Scaling;

public sealed class CurveTests
{
    private static readonly double[] Sizes = [1, 10, 100, 1000];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Exponent_Power_IsItsExponent(double power) => Assert.Equal(power, Of(size => 3 * Math.Pow(size, power)).Exponent, 1e-9);

    [Fact]
    public void Exponent_SmallSizesWithAFixedCost_AreLeftOut() => Assert.True(Of(size => 100 + (size * size)).Exponent > 1.9);

    [Fact]
    public void Check_CostThatGrowsTooFast_IsMissed()
    {
        var quadratic = Of(size => size * size);

        Assert.False(GrowthBound.Exponent(1.15).Check(quadratic).Met);
        Assert.True(GrowthBound.Exponent(2.1).Check(quadratic).Met);
        Assert.False(GrowthBound.Ratio(1.5).Check(Of(size => 1 + (size / 1000))).Met);
        Assert.True(GrowthBound.Ratio(1.5).Check(Of(size => 1 + (size / 10_000))).Met);
    }

    [Fact]
    public void Times_OfAPoissonProcess_HaveTheRate()
    {
        var times = PacedLoad.RandomTimes(100, TimeSpan.FromSeconds(100), new Random(1)).ToArray();

        Assert.InRange(times.Length, 9500, 10_500);
        Assert.Equal(times.Order(), times);
        Assert.Equal(200, PacedLoad.EvenTimes(100, TimeSpan.FromSeconds(2)).Count());
    }

    private static Curve Of(Func<double, double> cost) =>
        new("x", "ms", [.. Sizes.Select(size => new CurvePoint(size, cost(size)))], GrowthBound.Exponent(1));
}
