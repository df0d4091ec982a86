using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Numerics;

public sealed class NormalTests
{
    // Python: 0.5 * math.erfc(-x / 2 ** 0.5)
    [Theory]
    [InlineData(-12.3, 4.5287069561587755e-35)]
    [InlineData(-5.5, 1.8989562465887738e-08)]
    [InlineData(-4.9, 4.791832765903205e-07)]
    [InlineData(-1, 0.15865525393145707)]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6914624612740131)]
    [InlineData(3.3, 0.9995165758576162)]
    [InlineData(6, 0.9999999990134123)]
    public void Cumulative_Values_MatchReference(double x, double expected)
    {
        Assert.Equal(expected, Normal.Cumulative(x), 1e-14);
        Assert.InRange(Normal.Cumulative(x) / expected, 1 - 1e-8, 1 + 1e-8);
    }

    [Theory]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-1e300, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NaN, double.NaN)]
    public void Cumulative_Extremes_StayDefined(double x, double expected) => Assert.Equal(expected, Normal.Cumulative(x));

    [Fact]
    public void Density_Values_AreTheDerivativeOfCumulative()
    {
        for (double x = -8; x <= 8; x += 0.37)
        {
            var slope = (Normal.Cumulative(x + 1e-5) - Normal.Cumulative(x - 1e-5)) / 2e-5;
            Assert.Equal(slope, Normal.Density(x), 1e-9);
        }
    }

    [Fact]
    public void Draw_Many_HasMeanZeroAndDeviationOne()
    {
        var random = new Random(1);
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => Normal.Draw(random))];
        Assert.InRange(draws.Average(), -0.03, 0.03);
        Assert.InRange(draws.Average(x => x * x), 0.96, 1.04);
    }
}
