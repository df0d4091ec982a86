using Multimodal.Inference.Audio;
using Multimodal.Inference.Audio.Features;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Features;

public sealed class AudioFeaturesTests
{
    private const int Rate = 8000;

    [Fact]
    public void Names_AreUniqueAndPrefixed()
    {
        Assert.Equal(AudioFeatures.Names.Count, AudioFeatures.Names.Distinct().Count());
        Assert.All(AudioFeatures.Names, name => Assert.StartsWith("audio.", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tone.opus")]
    [InlineData("tone-48000.ogg")]
    [InlineData("spoken-seven.mp3")]
    public void TryCompute_File_IsInRange(string name)
    {
        var values = Compute(AudioSamples.Read(name));

        Assert.All(values.Values, value => Assert.InRange(value, -4f, 4f));
    }

    public static TheoryData<string, float[]> Extremes => new()
    {
        { "silence", TestAudio.Silence(Rate, 1) },
        { "one click", [.. TestAudio.Silence(Rate, 0.5), 1f, .. TestAudio.Silence(Rate, 0.5)] },
        { "shortest", TestAudio.Tone(Rate, 0.011) },
        { "constant", [.. Enumerable.Repeat(1f, Rate)] },
        { "very loud", [.. TestAudio.Tone(Rate, 1).Select(sample => sample * 1e11f)] },
        { "very faint", [.. TestAudio.Tone(Rate, 1).Select(sample => sample * 1e-30f)] },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Compute_Extreme_IsFinite(string name, float[] samples)
    {
        var values = new float[AudioFeatures.Names.Count];

        AudioFeatures.Compute(ActiveAudio.Of(samples, Rate), values);

        Assert.True(values.All(value => value is >= -4 and <= 4), name);
    }

    [Fact]
    public void TryCompute_Silence_IsEmpty()
    {
        var isComputed = AudioFeatures.TryCompute(
            new MediaContent(TestAudio.Wav(TestAudio.Silence(Rate, 1), Rate)), new MediaOptions(), new float[AudioFeatures.Names.Count], out var failure);

        Assert.False(isComputed);
        Assert.Equal(MediaFailureCode.Empty, failure!.Code);
    }

    [Fact]
    public void TryCompute_KeyTone_RaisesBothTones()
    {
        var key = Compute(TestAudio.Wav(TestAudio.Key(5, Rate, 0.3), Rate));
        var single = Compute(TestAudio.Wav(TestAudio.Tone(Rate, 0.3, 770), Rate));
        var speech = Compute(AudioSamples.Read("spoken-seven.mp3"));

        Assert.InRange(key["audio.key-pair"], 0.9f, 1.05f);
        Assert.InRange(key["audio.tonality"], 0.9f, 1f);
        Assert.True(single["audio.key-pair"] < 0.2f);
        Assert.True(speech["audio.key-pair"] < 0.5f * key["audio.key-pair"]);
    }

    [Fact]
    public void TryCompute_Noise_IsFlatAndCrossesZeroOften()
    {
        var noise = Compute(TestAudio.Wav(TestAudio.Noise(Rate, 1, 0.1, 2), Rate));
        var tone = Compute(TestAudio.Wav(TestAudio.Tone(Rate, 1, 440), Rate));

        Assert.InRange(noise["audio.zero-crossings"], 0.9f, 1.1f);
        Assert.InRange(tone["audio.zero-crossings"], 0.2f, 0.24f);
        Assert.True(noise["audio.flatness"] > 0.4f && tone["audio.flatness"] < 0.05f);
        Assert.InRange(tone["audio.centroid"] * 2000, 420, 460);
        Assert.True(tone["audio.band-300"] > 0.99f);
        Assert.True(noise["audio.rolloff"] > tone["audio.rolloff"]);
    }

    [Fact]
    public void TryCompute_NoiseAdded_LowersTheSnr()
    {
        float[] tone = [.. TestAudio.Silence(Rate, 0.5), .. TestAudio.Tone(Rate, 0.5), .. TestAudio.Silence(Rate, 0.5)];
        var clear = Compute(TestAudio.Wav(tone, Rate));
        var noisy = Compute(TestAudio.Wav(TestAudio.Sum(tone, TestAudio.Noise(Rate, 1.5, 0.1, 3)), Rate));

        Assert.True(clear["audio.snr"] > 1.5f);
        Assert.InRange(noisy["audio.snr"], 0.2f, 0.6f);
    }

    [Fact]
    public void TryCompute_Clipped_RaisesClipping()
    {
        var sound = TestAudio.Tone(Rate, 1);
        var clean = Compute(TestAudio.Wav(sound, Rate));
        var clipped = Compute(TestAudio.Wav([.. sound.Select(sample => Math.Clamp(sample, -0.1f, 0.1f))], Rate));

        Assert.True(clipped["audio.clipping"] > clean["audio.clipping"] + 0.1f);
    }

    [Fact]
    public void Goertzel_ToneAtTheFrequency_IsTheSquareOfHalfItsAmplitudeSum()
    {
        double[] samples = [.. TestAudio.Tone(Rate, 0.1, 1000, 0.5).Select(sample => (double)sample)];

        var powers = DtmfTones.Goertzel(samples, [1000, 2000, 1000, 3000], Rate);

        Assert.Equal(Math.Pow(0.5 * samples.Length / 2, 2), powers[0], 1e-2);
        Assert.Equal(0, powers[1], 1e-2);
        Assert.Equal(powers[0], powers[2]);
        Assert.Equal(0, powers[3], 1e-2);
    }

    [Fact]
    public void AddPower_Impulse_IsTheSquareOfTheWindowInAllBins()
    {
        var power = new double[129];
        double[] frame = [.. new double[64], 2, .. new double[191]];

        new PowerSpectrum(256).AddPower(frame, power);

        Assert.All(power, value => Assert.Equal(1, value, 1e-9)); // The Hann window is 0.5 at a quarter of the frame.
    }

    [Fact]
    public void AddPower_CosineOnABin_PeaksThereWithAQuarterBeside()
    {
        var power = new double[129];

        new PowerSpectrum(256).AddPower([.. Enumerable.Range(0, 256).Select(i => Math.Cos(2 * Math.PI * 32 * i / 256))], power);

        Assert.Equal(64 * 64, power[32], 1e-6);
        Assert.Equal(32 * 32, power[31], 1e-6);
        Assert.Equal(0, power[40], 1e-6);
    }

    private static Dictionary<string, float> Compute(byte[] media)
    {
        var values = new float[AudioFeatures.Names.Count];
        Assert.True(AudioFeatures.TryCompute(new MediaContent(media), new MediaOptions(), values, out var failure), failure?.Detail);
        return AudioFeatures.Names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
