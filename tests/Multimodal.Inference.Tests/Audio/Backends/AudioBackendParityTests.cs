using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Backends;

/// <summary>The managed decoder against libsndfile and libsoxr, at the models' rate: the same samples at the same time.</summary>
public sealed class AudioBackendParityTests
{
    private const int Rate = 8000;
    private const double LeastSnr = 60;

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
        { 48000, 32, 1, TestAudio.Float }, { 11025, 64, 2, TestAudio.Float }, { 8000, 8, 1, TestAudio.MuLaw }, { 16000, 8, 2, TestAudio.ALaw },
        { 44056, 16, 1, TestAudio.Pcm }, { 192000, 24, 1, TestAudio.Pcm },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void TryDecode_File_IsWhatTheNativeLibrariesMakeOfIt(string name) => AssertSame(AudioSamples.Read(name));

    [Theory]
    [MemberData(nameof(Pcm))]
    public void TryDecode_Pcm_IsWhatTheNativeLibrariesMakeOfIt(int rate, int bits, int channels, int format)
    {
        var noise = TestAudio.Noise(rate, 0.7, 0.2, seed: rate);

        AssertSame(TestAudio.Wav(noise, rate, bits, (ushort)format, channels), rate == Rate ? LeastSnr : 55); // noise fills the transition band too
    }

    /// <summary>NAudio's mu-law table has -1 for the negative zero.</summary>
    [Theory]
    [InlineData(TestAudio.MuLaw)]
    [InlineData(TestAudio.ALaw)]
    public void TryDecode_EveryCodeOfG711_IsTheSameToTheBit(ushort format)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];

        var (native, managed) = Decode(TestAudio.Wav(codes, Rate, 8, format, 1));

        Assert.Equal(native.ToArray(), managed.ToArray());
    }

    [Fact]
    public void TryDecode_Mp3WithoutTag_StartsAtTheSameSample()
    {
        var (native, managed) = Decode(AudioSamples.Read("tone-no-tag.mp3"));

        // libsndfile estimates the length from the first frame; frames are counted here. So one may end earlier.
        Assert.InRange(Math.Abs(native.Length - managed.Length), 0, 2 * 576);
        var length = Math.Min(native.Length, managed.Length);
        Assert.InRange(Snr(native.Span[..length], managed.Span[..length], 0), LeastSnr, double.MaxValue);
    }

    private static void AssertSame(byte[] file, double leastSnr = LeastSnr)
    {
        var (native, managed) = Decode(file);

        Assert.Equal(native.Length, managed.Length);
        Assert.InRange(Snr(native.Span, managed.Span, 0), leastSnr, double.MaxValue);
        // A tone fits again after a period; so the neighbours must be worse, and that is enough.
        Assert.True(Snr(native.Span, managed.Span, 0) > Snr(native.Span, managed.Span, 1));
        Assert.True(Snr(native.Span, managed.Span, 0) > Snr(native.Span, managed.Span, -1));
    }

    private static (ReadOnlyMemory<float> Native, ReadOnlyMemory<float> Managed) Decode(byte[] file)
    {
        Assert.True(AudioDecoder.TryDecode(file, BackendOptions.Of(AudioDecoderKind.Native), Rate, out var native, out var failure), failure?.Detail);
        Assert.True(AudioDecoder.TryDecode(file, BackendOptions.Of(AudioDecoderKind.Managed), Rate, out var managed, out failure), failure?.Detail);
        return (native, managed);
    }

    /// <summary>Decibels of the signal over the difference, the second moved by some samples.</summary>
    private static double Snr(ReadOnlySpan<float> wanted, ReadOnlySpan<float> got, int shift)
    {
        var (signal, error) = (0.0, 1e-20);
        for (var i = 1; i < wanted.Length - 1; i++)
        {
            signal += wanted[i] * (double)wanted[i];
            error += Math.Pow(wanted[i] - (double)got[i + shift], 2);
        }

        return 10 * Math.Log10(signal / error);
    }
}
