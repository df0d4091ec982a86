using System.Buffers.Binary;
using Multimodal.Inference.Audio;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio;

public sealed class AudioDecoderTests
{
    private const int Rate = 8000;

    private static readonly MediaOptions Limits = new();

    /// <summary>Name, type, rate and channels in the header, and the bytes: each holds one second of 440 Hz.</summary>
    private static readonly Dictionary<string, (string Type, int Rate, int Channels, Func<byte[]> Make)> Good = new()
    {
        ["wav 8 bit"] = ("audio/wav", 8000, 1, () => Tone(8000, 8)),
        ["wav 16 bit"] = ("audio/wav", 16000, 1, () => Tone(16000, 16)),
        ["wav 24 bit"] = ("audio/wav", 44100, 1, () => Tone(44100, 24)),
        ["wav 32 bit"] = ("audio/wav", 32000, 1, () => Tone(32000, 32)),
        ["wav float"] = ("audio/wav", 22050, 1, () => Tone(22050, 32, SoundBytes.Float)),
        ["wav double"] = ("audio/wav", 11025, 1, () => Tone(11025, 64, SoundBytes.Float)),
        ["wav mu-law"] = ("audio/wav", 8000, 1, () => Tone(8000, 8, SoundBytes.MuLaw)),
        ["wav adpcm"] = ("audio/wav", 8000, 1, () => SampleFile.Read("tone-adpcm.wav")),
        ["wav stereo"] = ("audio/wav", 48000, 2, () => Tone(48000, 16, channels: 2)),
        ["wav 5.1"] = ("audio/wav", 48000, 6, () => Tone(48000, 16, channels: 6)),
        ["wav 96 kHz"] = ("audio/wav", 96000, 1, () => Tone(96000, 16)),
        ["wav 192 kHz"] = ("audio/wav", 192000, 1, () => Tone(192000, 24)),
        ["wav 4 kHz"] = ("audio/wav", 4000, 1, () => Tone(4000, 16)),
        ["wav of a stream, length all ones"] = ("audio/wav", 16000, 1, () => WithLength(Tone(16000, 16), uint.MaxValue)),
        ["wav that claims two gigabytes"] = ("audio/wav", 16000, 1, () => WithLength(Tone(16000, 16), 0x7FFF_F000)),
        ["wav with bytes after the data"] = ("audio/wav", 16000, 1, () => [.. Tone(16000, 16), .. "LIST"u8]),
        ["flac"] = ("audio/flac", 44100, 1, () => SampleFile.Read("tone-44100.flac")),
        ["flac of a stream"] = ("audio/flac", 16000, 1, () => SampleFile.Read("tone-unsized.flac")),
        ["ogg vorbis stereo"] = ("audio/ogg; codecs=vorbis", 48000, 2, () => SampleFile.Read("tone-48000.ogg")),
        ["opus"] = ("audio/ogg; codecs=opus", 48000, 1, () => SampleFile.Read("tone.opus")),
        ["mp3 without tags"] = ("audio/mpeg", 22050, 1, () => SampleFile.Read("tone-no-tag.mp3")),
        ["mp3 with id3"] = ("audio/mpeg", 44100, 2, () => SampleFile.Read("tone-id3.mp3")),
        ["aiff"] = ("audio/aiff", 8000, 1, () => SampleFile.Read("tone.aiff")),
    };

    private static readonly Dictionary<string, (MediaFailureCode Code, Func<byte[]> Make)> Bad = new()
    {
        ["no bytes"] = (MediaFailureCode.Empty, () => []),
        ["one byte"] = (MediaFailureCode.UnsupportedType, () => [0x52]),
        ["text"] = (MediaFailureCode.UnsupportedType, () => "seven, please"u8.ToArray()),
        ["random bytes"] = (MediaFailureCode.UnsupportedType, RandomBytes),
        ["png"] = (MediaFailureCode.UnsupportedType, () => [0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[200]]),
        ["jpeg"] = (MediaFailureCode.UnsupportedType, () => [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[200]]),
        ["avi"] = (MediaFailureCode.UnsupportedType, () => [.. "RIFF"u8, 0, 1, 0, 0, .. "AVI LIST"u8, .. new byte[200]]),
        ["ogg with flac inside"] = (MediaFailureCode.UnsupportedType, () => SampleFile.Read("tone-flac.oga")),
        ["wav magic alone"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..12]),
        ["wav header alone"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..44]),
        ["wav cut in its header"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..30]),
        ["wav with three samples"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..50]),
        ["wav without channels"] = (MediaFailureCode.Undecodable, () => SoundBytes.Wav(new byte[16000], 8000, 16, SoundBytes.Pcm, 0)),
        ["wav with 1,000 channels"] = (MediaFailureCode.Undecodable, () => SoundBytes.Wav(new byte[64000], 8000, 16, SoundBytes.Pcm, 1000)),
        ["wav at zero hertz"] = (MediaFailureCode.Undecodable, () => SoundBytes.Wav(new byte[16000], 0, 16, SoundBytes.Pcm, 1)),
        ["wav at two gigahertz"] = (MediaFailureCode.Undecodable, () => SoundBytes.Wav(new byte[16000], int.MaxValue, 16, SoundBytes.Pcm, 1)),
        ["wav of an unknown format"] = (MediaFailureCode.Undecodable, () => SoundBytes.Wav(new byte[16000], 8000, 16, 0x7777, 1)),
        ["wav with a NaN"] = (MediaFailureCode.Undecodable, () => WithSample(float.NaN)),
        ["wav with infinity"] = (MediaFailureCode.Undecodable, () => WithSample(float.PositiveInfinity)),
        ["wav with 1e38"] = (MediaFailureCode.Undecodable, () => WithSample(1e38f)),
        ["wav of three hours"] = (MediaFailureCode.TooLarge, () => SoundBytes.Wav(new byte[3 * 3600 * 1000], 1000, 8, SoundBytes.Pcm, 1)),
        ["wav of 61 seconds"] = (MediaFailureCode.TooLarge, () => SoundBytes.Wav(new byte[61 * 8000], 8000, 8, SoundBytes.Pcm, 1)),
        ["too many bytes"] = (MediaFailureCode.TooLarge, () => new byte[Limits.AudioBytes + 1]),
        ["flac magic alone"] = (MediaFailureCode.Undecodable, () => "fLaC"u8.ToArray()),
        ["flac that claims three hours"] = (MediaFailureCode.TooLarge, () => FlacWithFrames(3L * 3600 * 44100)),
        ["flac that claims 2^36 - 1 samples"] = (MediaFailureCode.TooLarge, () => FlacWithFrames((1L << 36) - 1)),
        ["mp3 tag alone"] = (MediaFailureCode.Undecodable, () => [.. "ID3"u8, 3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F]),
        ["ogg cut in its header"] = (MediaFailureCode.Undecodable, () => SampleFile.Read("tone-48000.ogg")[..60]),
        ["opus cut in its header"] = (MediaFailureCode.Undecodable, () => SampleFile.Read("tone.opus")[..50]),
        ["aiff cut in its header"] = (MediaFailureCode.Undecodable, () => SampleFile.Read("tone.aiff")[..20]),
    };

    public static TheoryData<string> GoodNames => [.. Good.Keys];

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    // An OGG file of a second is one page of sound, and a page cut short is no page: nothing precedes the cut there.
    public static TheoryData<string, double> Truncations => new()
    {
        { "wav 16 bit", 0.5 }, { "wav float", 0.9 }, { "flac", 0.5 }, { "flac", 0.9 }, { "mp3 without tags", 0.5 }, { "mp3 with id3", 0.8 }, { "aiff", 0.3 },
    };

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void TryInspect_Good_SaysWhatItIs(string name)
    {
        var (type, rate, channels, make) = Good[name];

        Assert.True(AudioInspector.TryInspect(make(), Limits, out var info, out var failure), failure?.Detail);

        Assert.Equal((type, rate, channels), (info.MediaType, info.SampleRate, info.Channels));
        if (info.Seconds is { } seconds)
        {
            Assert.InRange(seconds, 0.95, 1.15);
        }
    }

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void TryDecode_Good_IsASecondOf440Hertz(string name)
    {
        Assert.True(AudioDecoder.TryDecode(Good[name].Make(), Limits, Rate, out var samples, out var failure), failure?.Detail);

        Assert.InRange(samples.Length, 0.95 * Rate, 1.15 * Rate);
        Assert.InRange(Hertz(samples.Span[1000..7000]), 439, 441);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void TryDecode_Bad_IsRefusedForTheRightReason(string name)
    {
        var (code, make) = Bad[name];

        Assert.False(AudioDecoder.TryDecode(make(), Limits, Rate, out _, out var failure));

        Assert.Equal(code, failure.Code);
        Assert.EndsWith(".", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void TryInspect_Bad_IsRefusedUnlessOnlyTheSamplesAreWrong(string name)
    {
        var (code, make) = Bad[name];

        if (!AudioInspector.TryInspect(make(), Limits, out _, out var failure))
        {
            Assert.Equal(code, failure.Code);
        }
        else
        {
            Assert.Contains(name, new[] { "wav with a NaN", "wav with infinity", "wav with 1e38", "wav with three samples" });
        }
    }

    [Theory]
    [MemberData(nameof(Truncations))]
    public void TryDecode_Truncated_YieldsWhatPrecedesTheCut(string name, double share)
    {
        var whole = Good[name].Make();

        Assert.True(AudioDecoder.TryDecode(whole.AsSpan(0, (int)(share * whole.Length)), Limits, Rate, out var samples, out var failure), failure?.Detail);

        Assert.InRange(samples.Length, 0.1 * Rate, 1.1 * Rate);
        Assert.InRange(Hertz(samples.Span[400..^400]), 430, 450);
    }

    [Fact]
    public void TryDecode_EveryTruncationOfEveryFormat_NeitherThrowsNorYieldsRubbish()
    {
        foreach (var (_, _, _, make) in Good.Values)
        {
            var whole = make();
            for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 40))
            {
                if (AudioDecoder.TryDecode(whole.AsSpan(0, length), Limits, Rate, out var samples, out var failure))
                {
                    Assert.True(samples.Length <= 1.2 * Rate);
                }
                else
                {
                    Assert.NotEqual(MediaFailureCode.TooLarge, failure.Code);
                }
            }
        }
    }

    [Fact]
    public void TryDecode_DamagedBytes_NeitherThrowsNorExceedsTheLimit()
    {
        var random = new Random(5);
        foreach (var (_, _, _, make) in Good.Values)
        {
            for (var attempt = 0; attempt < 20; attempt++)
            {
                var bytes = make();
                for (var i = 0; i < 20; i++)
                {
                    bytes[random.Next(Math.Min(bytes.Length, attempt < 10 ? 100 : bytes.Length))] = (byte)random.Next(256);
                }

                if (AudioDecoder.TryDecode(bytes, Limits, Rate, out var samples, out _))
                {
                    Assert.True(samples.Length <= (Limits.AudioSeconds + 1) * Rate);
                    Assert.False(samples.Span.ContainsAnyExceptInRange(-1e13f, 1e13f));
                }
            }
        }
    }

    [Fact]
    public void TryDecode_HeaderThatStatesNoLengthOverTheLimit_IsRefusedWhileReading()
    {
        var limits = new MediaOptions { AudioSeconds = 0.5 };

        Assert.False(AudioDecoder.TryDecode(SampleFile.Read("tone-unsized.flac"), limits, Rate, out _, out var failure));

        Assert.Equal(MediaFailureCode.TooLarge, failure.Code);
    }

    [Fact]
    public void TryDecode_Silence_IsSilence()
    {
        var wav = SoundBytes.Wav(SoundBytes.Silence(16000, 1), 16000);

        Assert.True(AudioDecoder.TryDecode(wav, Limits, Rate, out var samples, out _));

        Assert.False(samples.Span.ContainsAnyExcept(0f));
    }

    [Fact]
    public void TryDecode_Stereo_IsTheMeanOfTheChannels()
    {
        var left = SoundBytes.Tone(8000, 1);
        var data = new byte[left.Length * 4];
        for (var i = 0; i < left.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(4 * i), (short)(left[i] * 32767)); // the right channel is silent
        }

        Assert.True(AudioDecoder.TryDecode(SoundBytes.Wav(data, 8000, 16, SoundBytes.Pcm, 2), Limits, Rate, out var samples, out _));

        Assert.Equal(left[5] / 2, samples.Span[5], 1e-3);
    }

    [Fact]
    public void Require_MissingLibrary_NamesThePackage()
    {
        var thrown = Assert.Throws<DllNotFoundException>(() => NativeAudio.Require("libnosuch.so.1", "libnosuch1"));

        Assert.Contains("apt-get install libnosuch1", thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Tone(int rate, int bits, ushort format = SoundBytes.Pcm, int channels = 1) =>
        SoundBytes.Wav(SoundBytes.Tone(rate, 1), rate, bits, format, channels);

    private static byte[] WithLength(byte[] wav, uint length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(4), length);
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(40), length);
        return wav;
    }

    private static byte[] WithSample(float value)
    {
        var samples = SoundBytes.Tone(8000, 1);
        samples[5000] = value;
        return SoundBytes.Wav(samples, 8000, 32, SoundBytes.Float);
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[5000];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    /// <summary>STREAMINFO ends with a 36-bit number of samples (RFC 9639, section 8.2).</summary>
    private static byte[] FlacWithFrames(long frames)
    {
        var bytes = SampleFile.Read("tone-44100.flac");
        bytes[21] = (byte)((bytes[21] & 0xF0) | (int)(frames >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(22), (uint)frames);
        return bytes;
    }

    /// <summary>The frequency of a tone at 8 kHz, from its upward zero crossings, interpolated.</summary>
    private static double Hertz(ReadOnlySpan<float> samples)
    {
        var (first, last, count) = (-1.0, -1.0, 0);
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i - 1] < 0 && samples[i] >= 0)
            {
                last = i - (samples[i] / (samples[i] - samples[i - 1]));
                first = first < 0 ? last : first;
                count++;
            }
        }

        return (count - 1) * Rate / (last - first);
    }
}
