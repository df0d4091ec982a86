using Multimodal.Inference.Audio;

namespace Multimodal.Inference.Tests.Audio;

public sealed class ChannelMixTests
{
    private static readonly float[] Voice = TestAudio.Tone(8000, 1, 440, 0.4);
    private static readonly float[] Other = TestAudio.Tone(8000, 1, 710, 0.3);

    [Fact]
    public void Loudest_OppositeChannels_IsTheLouderOne()
    {
        var mix = Mix(out _, [.. Voice.Select(sample => -0.9f * sample)], Voice);

        Assert.Equal(1, mix.Loudest);
    }

    [Fact]
    public void Loudest_OppositeChannelsWithOffsets_IgnoresTheOffsets()
    {
        var mix = Mix(out _, [.. Voice.Select(sample => sample + 0.5f)], [.. Voice.Select(sample => 0.5f - sample)]);

        Assert.NotNull(mix.Loudest);
    }

    [Fact]
    public void Loudest_UnrelatedOrEqualOrSilentChannels_IsNull()
    {
        Assert.Null(Mix(out _, Voice, Other).Loudest);
        Assert.Null(Mix(out _, Voice, Voice).Loudest);
        Assert.Null(Mix(out _, Voice, new float[8000], new float[8000], new float[8000], new float[8000], new float[8000]).Loudest);
        Assert.Null(Mix(out _, new float[8000], new float[8000]).Loudest);
        Assert.Null(Mix(out _, Voice).Loudest);
    }

    [Fact]
    public void TryMix_WithoutAChannel_IsTheMean()
    {
        Mix(out var mono, Voice, Other);

        Assert.Equal((Voice[100] + Other[100]) / 2, mono[100], 1e-6f);
    }

    private static ChannelMix Mix(out float[] mono, params float[][] channels)
    {
        var mix = new ChannelMix(channels.Length);
        float[] interleaved = [.. Enumerable.Range(0, channels[0].Length).SelectMany(frame => channels.Select(channel => channel[frame]))];
        mono = new float[channels[0].Length];
        Assert.True(mix.TryMix(interleaved, mono));
        return mix;
    }
}
