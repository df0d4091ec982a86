using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Numerics;

public sealed class ActivationTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(2, 0.8807970779778823)]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(1e308, 1)]
    [InlineData(-1e308, 0)]
    public void Sigmoid_Value_MatchesReference(double x, double expected) =>
        Assert.Equal(expected, Activation.Sigmoid(x), expected * 1e-14);

    [Theory]
    [InlineData(0, 0.6931471805599453)]
    [InlineData(2, 2.1269280110429727)]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(-20, 2.061153620314381e-09)]
    [InlineData(1e308, 1e308)]
    [InlineData(-1e308, 0)]
    public void Softplus_Value_MatchesReference(double x, double expected) =>
        Assert.Equal(expected, Activation.Softplus(x), expected * 1e-14);

    [Fact]
    public void Minimise_Quadratic_FindsTheMinimum() =>
        Assert.Equal(0.3, GoldenSection.Minimise(x => (x - 0.3) * (x - 0.3), -5, 5, 1e-7), 1e-6);

    [Fact]
    public void Minimise_MonotoneFunction_EndsAtTheBound() =>
        Assert.Equal(2, GoldenSection.Minimise(x => -x, -1, 2, 1e-7), 1e-6);
}
