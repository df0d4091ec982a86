using Multimodal.Bench.Parity;
using Multimodal.Inference.Vision;

namespace Multimodal.Bench.Tests.Parity;

public sealed class ParityComparisonTests
{
    private static readonly float[] Sound = [.. Enumerable.Range(0, 4000).Select(i => (float)(Math.Sin(i * 0.37) * Math.Exp(-Math.Pow((i - 2000) / 300.0, 2))))];

    [Fact]
    public void SignalOf_TheSame_HasNoNoiseAndNoOffset() =>
        Assert.Equal(new SignalComparison(200, 0, 0, 0), SignalComparison.Of(Sound, Sound, 100));

    [Theory]
    [InlineData(7)]
    [InlineData(-7)]
    public void SignalOf_Shifted_FindsTheOffset(int shift)
    {
        float[] shifted = shift > 0 ? [.. new float[shift], .. Sound[..^shift]] : [.. Sound[-shift..], .. new float[-shift]];

        Assert.Equal(shift, SignalComparison.Of(Sound, shifted, 100).Offset);
    }

    [Fact]
    public void SignalOf_OnePercentLouder_IsFortyDecibels()
    {
        var louder = Sound.Select(sample => sample * 1.01f).ToArray();

        Assert.Equal(40, SignalComparison.Of(Sound, louder, 10).Decibels, 0.01);
    }

    [Fact]
    public void SignalOf_ATailThatIsMissing_CountsAsNoise()
    {
        var cut = SignalComparison.Of(Sound, Sound.AsSpan(0, 2000), 10);

        Assert.Equal(-2000, cut.Longer);
        Assert.InRange(cut.Decibels, 2, 4);
    }

    [Fact]
    public void PixelsOf_OneLevelInOneOfSix_IsASixthOnAverage()
    {
        var same = new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]);
        var other = new RgbImage(2, 1, [1, 2, 3, 4, 5, 7]);

        Assert.Equal(new PixelComparison(1 / 6.0, 1, true), PixelComparison.Of(same, other));
        Assert.False(PixelComparison.Of(same, new RgbImage(1, 2, [1, 2, 3, 4, 5, 6])).IsSameSize);
    }
}
