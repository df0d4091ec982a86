using Multimodal.Inference.Audio.Managed;

namespace Multimodal.Inference.Tests.Audio;

public sealed class SincFilterTests
{
    // c sinc(c t) i0(b sqrt(1 - (t/h)^2)) / i0(b) of scipy 1.10.1 at t = k/2 for k = 0..., c = 0.956857, b = 15.635, h = 108.65,
    // divided by the sum over all k: the filter from 16 to 8 kHz.
    public static TheoryData<int, double> Reference => new()
    {
        { 0, 0.4784285014126504 }, { 1, 0.317528365228328 }, { 2, 0.021491740035381273 }, { 3, -0.10376832227319355 }, { 10, 0.019640558784401137 }, { 51, 0.00389060869704525 }, { 150, -2.2403425609097995e-05 }, { 216, -3.8583404374205895e-09 },
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
    public void Design_Rates_HasARowForEachStepOrBlends(int input, int output, int steps)
    {
        var filter = SincFilter.Design(input, output);

        Assert.Equal(steps, filter.Steps);
        for (var step = 0; step <= steps; step++)
        {
            Assert.Equal(1, filter.Row(step).ToArray().Sum(), 1e-12);
        }
    }

    [Fact]
    public void Design_LongestFilter_StaysSmall()
    {
        var filter = SincFilter.Design(767_999, 8000);

        Assert.InRange(2L * filter.Half * (filter.Steps + 1), 1, 300_000);
    }
}
