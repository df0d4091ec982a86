using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Tests.Audio.Resampling;

public sealed class SincFilterTests
{
    // The filter from 16 to 8 kHz: c sinc(c t) i0(b sqrt(1 - (t/h)^2)) / i0(b) of scipy 1.10.1 at t = k/2, divided by the sum over all k,
    // with c = 0.95687183, b = 13.04, h = 97.25.
    public static TheoryData<int, double> Reference => new()
    {
        { 0, 0.47843589299493056 },
        { 1, 0.317527127272133 },
        { 2, 0.021483929923189798 },
        { 3, -0.10376473854885253 },
        { 10, 0.019624167885077894 },
        { 51, 0.0038312050305879027 },
        { 150, -1.5733609587812184e-05 },
        { 190, 4.038038934878502e-08 },
    };

    [Theory]
    [MemberData(nameof(Reference))]
    public void Design_TwoToOne_HasTheCoefficientsOfScipy(int k, double expected)
    {
        var filter = SincFilter.Design(16000, 8000);

        Assert.Equal(expected, filter.Row(0)[filter.Half - 1 + k], 1e-14);
        Assert.Equal(expected, filter.Row(0)[filter.Half - 1 - k], 1e-14);
    }

    [Theory]
    [InlineData(44100, 8000, 80)]
    [InlineData(48000, 8000, 1)]
    [InlineData(8000, 16000, 2)]
    [InlineData(44056, 8000, 93)]
    public void Design_Rates_HasTheExpectedNumberOfSteps(int input, int output, int steps)
    {
        var filter = SincFilter.Design(input, output);

        Assert.Equal(steps, filter.Steps);
        for (var step = 0; step <= steps; step++)
        {
            Assert.Equal(1, filter.Row(step).ToArray().Sum(), 1e-12);
        }
    }

    [Fact]
    public void Design_LongestFilter_HasBoundedSize()
    {
        var filter = SincFilter.Design(767_999, 8000);

        Assert.InRange(2L * filter.Half * (filter.Steps + 1), 1, 300_000);
    }
}
