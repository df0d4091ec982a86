using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Backends;

/// <summary>Compares the managed backend with libsndfile and libsoxr, sample by sample, at the sample rate of the models.</summary>
public sealed class AudioBackendParityTests
{
    private const int Rate = 8000;
    private const double MinSnr = 60;

    public static TheoryData<string> Files =>
    [
        "four-16000-cbr.mp3", "four-24000-vbr.mp3", "four-44100-stereo.mp3", "tone-id3.mp3", "spoken-seven.mp3",
        "four-22050.ogg", "tone-48000.ogg", "spoken-zero.ogg",
        "four-silk.opus", "four-hybrid.opus", "four-celt-stereo.opus", "four-51.opus", "tone.opus",
        "four-ima.wav", "four-alaw.wav", "tone-adpcm.wav", "four-24bit.aiff", "four-sowt.aiff", "four-float.aiff", "tone.aiff",
    ];

    public static TheoryData<int, int, int, int> Pcm => new()
    {
        { 8000, 8, 1, TestAudio.Pcm }, { 16000, 16, 2, TestAudio.Pcm }, { 22050, 24, 1, TestAudio.Pcm }, { 44100, 32, 6, TestAudio.Pcm },
        { 48000, 32, 1, TestAudio.Float }, { 11025, 64, 2, TestAudio.Float },
        { 8000, 8, 1, TestAudio.MuLaw }, { 16000, 8, 2, TestAudio.ALaw },
        { 44056, 16, 1, TestAudio.Pcm }, { 192000, 24, 1, TestAudio.Pcm },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void TryDecode_File_EqualsNativeDecoding(string name) => AssertSame(AudioSamples.Read(name));

    [Theory]
    [MemberData(nameof(Pcm))]
    public void TryDecode_Pcm_EqualsNativeDecoding(int rate, int bits, int channels, int format)
    {
        var noise = TestAudio.Noise(rate, 0.7, 0.2, seed: rate);

        // Noise also fills the transition band of the resampler, where the filters differ.
        AssertSame(TestAudio.Wav(noise, rate, bits, (ushort)format, channels), rate == Rate ? MinSnr : 55);
    }

    /// <summary>The mu-law table of NAudio contains -1 for the negative zero.</summary>
    [Theory]
    [InlineData(TestAudio.MuLaw)]
    [InlineData(TestAudio.ALaw)]
    public void TryDecode_AllCodesOfG711_AreBitIdentical(ushort format)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];

        var (native, managed) = Decode(TestAudio.Wav(codes, Rate, 8, format, 1));

        Assert.Equal(native.ToArray(), managed.ToArray());
    }

    [Fact]
    public void TryDecode_Mp3WithoutTag_StartsAtTheSameSample()
    {
        var (native, managed) = Decode(AudioSamples.Read("tone-no-tag.mp3"));

        Assert.Equal(native.Length, managed.Length);
        Assert.InRange(Snr(native.Span, managed.Span, 0), MinSnr, double.MaxValue);
    }

    private static void AssertSame(byte[] file, double minSnr = MinSnr)
    {
        var (native, managed) = Decode(file);

        Assert.Equal(native.Length, managed.Length);
        Assert.InRange(Snr(native.Span, managed.Span, 0), minSnr, double.MaxValue);
        // A shift by one sample must be worse. Larger shifts are not compared, because a tone repeats after a period.
        Assert.True(Snr(native.Span, managed.Span, 0) > Snr(native.Span, managed.Span, 1));
        Assert.True(Snr(native.Span, managed.Span, 0) > Snr(native.Span, managed.Span, -1));
    }

    private static ReadOnlyMemory<float> Decode(byte[] file, AudioDecoderKind kind)
    {
        Assert.True(AudioDecoder.TryDecode(file, BackendOptions.Of(kind), Rate, out var samples, out var failure), failure?.Detail);
        return samples;
    }

    private static (ReadOnlyMemory<float> Native, ReadOnlyMemory<float> Managed) Decode(byte[] file) =>
        (Decode(file, AudioDecoderKind.Native), Decode(file, AudioDecoderKind.Managed));

    /// <summary>Computes the signal-to-noise ratio in decibels, with the second signal shifted by some samples.</summary>
    private static double Snr(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int shift)
    {
        var (signal, error) = (0.0, 1e-20);
        for (var i = 1; i < expected.Length - 1; i++)
        {
            signal += expected[i] * (double)expected[i];
            error += Math.Pow(expected[i] - (double)actual[i + shift], 2);
        }

        return 10 * Math.Log10(signal / error);
    }
}
