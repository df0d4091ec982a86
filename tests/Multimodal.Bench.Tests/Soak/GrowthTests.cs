using Multimodal.Bench.Soak;

namespace Multimodal.Bench.Tests.Soak;

public sealed class GrowthTests
{
    [Fact]
    public void Of_Line_RisesByItsSlope()
    {
        var growth = Of(second => 100 + (2 * second));

        Assert.Equal(100, growth.Fitted, 1e-6);
        Assert.True(growth.IsExceeded);
    }

    [Fact]
    public void Of_RiseThatEndsInTheFirstHalf_IsNoGrowth()
    {
        var growth = Of(second => Math.Min(second, 45) + (10 * (second % 2)));

        Assert.Equal(0, growth.Fitted, 1.0);
        Assert.False(growth.IsExceeded);
    }

    [Fact]
    public void Of_StepInTheMiddleOfTheSecondHalf_IsGrowth() => Assert.True(Of(second => second > 75 ? 60 : 0).IsExceeded);

    [Fact]
    public void Of_FigureOfTheEndOnly_IsRefused() => Assert.Throws<InvalidDataException>(() => Growth.Of(
        "x", [Sample(0), Sample(1), Sample(2), new SoakSample(3, new Dictionary<string, double> { ["x"] = 1 })], _ => 1));

    private static SoakSample Sample(double seconds) => new(seconds, new Dictionary<string, double>());

    private static Growth Of(Func<double, double> value) => Growth.Of(
        "x",
        [.. Enumerable.Range(0, 101).Select(second => new SoakSample(second, new Dictionary<string, double> { ["x"] = value(second) }))],
        _ => 20);
}
