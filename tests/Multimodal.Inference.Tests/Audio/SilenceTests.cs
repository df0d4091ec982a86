using Multimodal.Inference.Audio;

namespace Multimodal.Inference.Tests.Audio;

public sealed class SilenceTests
{
    private const int Rate = 8000;

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0.9e-4, 0, true)]
    [InlineData(0.9e-4, 0.3, true)] // A constant offset is not audible.
    [InlineData(1.1e-4, 0, false)]
    [InlineData(1.1e-4, -0.3, false)]
    [InlineData(0.001, 0, false)] // The noise of a quiet room.
    public void IsEmpty_ToneAtAmplitudeAndOffset_ComparesTheAmplitude(double amplitude, double offset, bool isEmpty)
    {
        float[] samples = [.. TestAudio.Tone(Rate, 1, 440, amplitude).Select(sample => (float)(sample + offset))];

        Assert.Equal(isEmpty, Silence.IsEmpty(samples, Rate));
    }

    [Fact]
    public void IsEmpty_RingingAtTheEdges_IsIgnored()
    {
        var samples = TestAudio.Silence(Rate, 1);
        samples[3] = 0.2f;
        samples[^3] = -0.2f;

        Assert.True(Silence.IsEmpty(samples, Rate));
    }

    [Fact]
    public void IsEmpty_ClickInTheMiddle_IsSound()
    {
        var samples = TestAudio.Silence(Rate, 1);
        samples[Rate / 2] = 0.2f;

        Assert.False(Silence.IsEmpty(samples, Rate));
    }

    [Fact]
    public void IsEmpty_NoSamples_IsTrue() => Assert.True(Silence.IsEmpty([], Rate));
}
