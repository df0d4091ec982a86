using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Numerics;

public sealed class LogSpaceTests
{
    private const double Mask = double.NegativeInfinity;

    [Theory]
    [InlineData(new[] { 0.0, 0.0 }, 0.6931471805599453)]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, 3.4076059644443806)]
    [InlineData(new[] { 1000.0, 1000.0 }, 1000.6931471805599)]
    [InlineData(new[] { -1000.0, -1001.0 }, -999.6867383124818)]
    [InlineData(new[] { 1e308, -1e308 }, 1e308)]
    [InlineData(new[] { Mask, 2.0 }, 2.0)]
    [InlineData(new[] { Mask, Mask }, Mask)]
    [InlineData(new double[0], Mask)]
    [InlineData(new[] { double.PositiveInfinity, 0.0 }, double.PositiveInfinity)]
    public void LogSumExp_Values_MatchesReference(double[] values, double expected) =>
        Assert.Equal(expected, LogSpace.LogSumExp(values), 12);

    [Fact]
    public void LogSumExp_NaN_Propagates() => Assert.Equal(double.NaN, LogSpace.LogSumExp([1, double.NaN]));

    [Theory]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, new[] { 0.09003057317038046, 0.24472847105479764, 0.6652409557748219 })]
    [InlineData(new[] { 1e308, -1e308 }, new[] { 1.0, 0.0 })]
    [InlineData(new[] { -1e308, -1e308 }, new[] { 0.5, 0.5 })]
    [InlineData(new[] { Mask, 5.0 }, new[] { 0.0, 1.0 })]
    [InlineData(new[] { Mask, Mask }, new[] { 0.0, 0.0 })]
    [InlineData(new[] { double.PositiveInfinity, 3.0, double.PositiveInfinity }, new[] { 0.5, 0.0, 0.5 })]
    public void Softmax_Values_MatchesReference(double[] values, double[] expected)
    {
        var actual = new double[values.Length];
        LogSpace.Softmax(values, actual);
        AssertClose(expected, actual, 1e-15);
    }

    [Theory]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, new[] { -2.4076059644443806, -1.4076059644443806, -0.4076059644443806 })]
    [InlineData(new[] { 1e308, 1e308 }, new[] { -0.6931471805599453, -0.6931471805599453 })]
    [InlineData(new[] { 0.0, Mask }, new[] { 0.0, Mask })]
    [InlineData(new[] { 0.0, -800.0 }, new[] { 0.0, -800.0 })]
    public void LogSoftmax_Values_MatchesReference(double[] values, double[] expected)
    {
        var actual = (double[])values.Clone();
        LogSpace.LogSoftmax(actual, actual);
        AssertClose(expected, actual, 1e-14);
    }

    internal static void AssertClose(double[] expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                expected[i] == actual[i] || Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}] {expected[i]:R} is not {actual[i]:R}");
        }
    }
}
