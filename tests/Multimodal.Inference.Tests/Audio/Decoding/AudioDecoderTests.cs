using System.Buffers.Binary;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Decoding;

/// <summary>The behaviour of both audio backends. Tables list the files for which the managed backend differs.</summary>
public sealed class AudioDecoderTests
{
    private const int Rate = 8000;

    /// <summary>Valid files that contain one second of 440 Hz: media type, sample rate and channels of the header, and the bytes.</summary>
    private static readonly Dictionary<string, (string Type, int Rate, int Channels, Func<byte[]> Make)> Valid = new()
    {
        ["wav 8 bit"] = ("audio/wav", 8000, 1, () => Tone(8000, 8)),
        ["wav 16 bit"] = ("audio/wav", 16000, 1, () => Tone(16000, 16)),
        ["wav 24 bit"] = ("audio/wav", 44100, 1, () => Tone(44100, 24)),
        ["wav 32 bit"] = ("audio/wav", 32000, 1, () => Tone(32000, 32)),
        ["wav float"] = ("audio/wav", 22050, 1, () => Tone(22050, 32, TestAudio.Float)),
        ["wav double"] = ("audio/wav", 11025, 1, () => Tone(11025, 64, TestAudio.Float)),
        ["wav mu-law"] = ("audio/wav", 8000, 1, () => Tone(8000, 8, TestAudio.MuLaw)),
        ["wav a-law"] = ("audio/wav", 8000, 1, () => Tone(8000, 8, TestAudio.ALaw)),
        ["wav adpcm"] = ("audio/wav", 8000, 1, () => AudioSamples.Read("tone-adpcm.wav")),
        ["wav extensible"] = ("audio/wav", 16000, 1, () => TestAudio.Extensible(Tone(16000, 16))),
        ["wav stereo"] = ("audio/wav", 48000, 2, () => Tone(48000, 16, channels: 2)),
        ["wav 5.1"] = ("audio/wav", 48000, 6, () => Tone(48000, 16, channels: 6)),
        ["wav 96 kHz"] = ("audio/wav", 96000, 1, () => Tone(96000, 16)),
        ["wav 192 kHz"] = ("audio/wav", 192000, 1, () => Tone(192000, 24)),
        ["wav 4 kHz"] = ("audio/wav", 4000, 1, () => Tone(4000, 16)),
        ["wav of a stream, with the largest length"] = ("audio/wav", 16000, 1, () => WithLength(Tone(16000, 16), uint.MaxValue)),
        ["wav of a stream, with a riff length of zero"] = ("audio/wav", 16000, 1, () => WithRiffLength(Tone(16000, 16), 0)),
        ["wav of a stream, with a length of zero"] = ("audio/wav", 16000, 1, () => WithLength(Tone(16000, 16), 0)),
        ["wav after a byte order mark"] = ("audio/wav", 16000, 1, () => [0xEF, 0xBB, 0xBF, .. Tone(16000, 16)]),
        ["wav with a stated length of two gigabytes"] = ("audio/wav", 16000, 1, () => WithLength(Tone(16000, 16), 0x7FFF_F000)),
        ["wav with bytes after the data"] = ("audio/wav", 16000, 1, () => [.. Tone(16000, 16), .. "LIST"u8]),
        ["flac"] = ("audio/flac", 44100, 1, () => AudioSamples.Read("tone-44100.flac")),
        ["flac of a stream"] = ("audio/flac", 16000, 1, () => AudioSamples.Read("tone-unsized.flac")),
        ["flac in ogg"] = ("audio/ogg; codecs=flac", 16000, 1, () => AudioSamples.Read("tone-flac.oga")),
        ["ogg vorbis stereo"] = ("audio/ogg; codecs=vorbis", 48000, 2, () => AudioSamples.Read("tone-48000.ogg")),
        ["opus"] = ("audio/ogg; codecs=opus", 48000, 1, () => AudioSamples.Read("tone.opus")),
        ["mp3 without tags"] = ("audio/mpeg", 22050, 1, () => AudioSamples.Read("tone-no-tag.mp3")),
        ["mp3 with id3"] = ("audio/mpeg", 44100, 2, () => AudioSamples.Read("tone-id3.mp3")),
        ["aiff"] = ("audio/aiff", 8000, 1, () => AudioSamples.Read("tone.aiff")),
    };

    private static readonly Dictionary<string, (MediaFailureCode Code, Func<byte[]> Make)> Invalid = new()
    {
        ["no bytes"] = (MediaFailureCode.Empty, () => []),
        ["one byte"] = (MediaFailureCode.UnsupportedType, () => [0x52]),
        ["text"] = (MediaFailureCode.UnsupportedType, () => "seven, please"u8.ToArray()),
        ["random bytes"] = (MediaFailureCode.UnsupportedType, RandomBytes),
        ["png"] = (MediaFailureCode.UnsupportedType, () => [0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[200]]),
        ["jpeg"] = (MediaFailureCode.UnsupportedType, () => [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[200]]),
        ["avi"] = (MediaFailureCode.UnsupportedType, () => [.. "RIFF"u8, 0, 1, 0, 0, .. "AVI LIST"u8, .. new byte[200]]),
        ["wav signature only"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..12]),
        ["wav header only"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..44]),
        ["wav truncated in its header"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..30]),
        ["wav with three samples"] = (MediaFailureCode.Undecodable, () => Tone(8000, 16)[..50]),
        ["wav without channels"] = (MediaFailureCode.Undecodable, () => TestAudio.Wav(new byte[16000], 8000, 16, TestAudio.Pcm, 0)),
        ["wav with 1,000 channels"] = (MediaFailureCode.Undecodable, () => TestAudio.Wav(new byte[64000], 8000, 16, TestAudio.Pcm, 1000)),
        ["wav at zero hertz"] = (MediaFailureCode.Undecodable, () => TestAudio.Wav(new byte[16000], 0, 16, TestAudio.Pcm, 1)),
        ["wav at two gigahertz"] = (MediaFailureCode.Undecodable, () => TestAudio.Wav(new byte[16000], int.MaxValue, 16, TestAudio.Pcm, 1)),
        ["wav of an unknown format"] = (MediaFailureCode.Undecodable, () => TestAudio.Wav(new byte[16000], 8000, 16, 0x7777, 1)),
        ["wav with a NaN"] = (MediaFailureCode.Undecodable, () => WithSample(float.NaN)),
        ["wav with infinity"] = (MediaFailureCode.Undecodable, () => WithSample(float.PositiveInfinity)),
        ["wav with 1e38"] = (MediaFailureCode.Undecodable, () => WithSample(1e38f)),
        ["wav of three hours"] = (MediaFailureCode.TooLarge, () => TestAudio.Wav(new byte[3 * 3600 * 1000], 1000, 8, TestAudio.Pcm, 1)),
        ["wav of 61 seconds"] = (MediaFailureCode.TooLarge, () => TestAudio.Wav(new byte[61 * 8000], 8000, 8, TestAudio.Pcm, 1)),
        ["too many bytes"] = (MediaFailureCode.TooLarge, () => new byte[new MediaOptions().AudioBytes + 1]),
        ["flac signature only"] = (MediaFailureCode.Undecodable, () => "fLaC"u8.ToArray()),
        ["flac with a stated length of three hours"] = (MediaFailureCode.TooLarge, () => FlacWithFrames(3L * 3600 * 44100)),
        ["flac with a stated length of 2^36 - 1 samples"] = (MediaFailureCode.TooLarge, () => FlacWithFrames((1L << 36) - 1)),
        ["mp3 tag only"] = (MediaFailureCode.Undecodable, () => [.. "ID3"u8, 3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F]),
        ["ogg truncated in its header"] = (MediaFailureCode.Undecodable, () => AudioSamples.Read("tone-48000.ogg")[..60]),
        ["opus truncated in its header"] = (MediaFailureCode.Undecodable, () => AudioSamples.Read("tone.opus")[..50]),
        ["aiff truncated in its header"] = (MediaFailureCode.Undecodable, () => AudioSamples.Read("tone.aiff")[..20]),
    };

    /// <summary>Valid files that the managed backend does not support.</summary>
    private static readonly string[] UnsupportedManaged = ["flac", "flac of a stream", "flac in ogg"];

    /// <summary>Invalid files that the managed backend refuses by their type.</summary>
    private static readonly string[] UnsupportedManagedInvalid =
    [
        "flac signature only", "flac with a stated length of three hours", "flac with a stated length of 2^36 - 1 samples",
    ];

    public static TheoryData<string, AudioDecoderKind> ValidFiles => OnBothBackends(Valid.Keys, UnsupportedManaged);

    public static TheoryData<string, AudioDecoderKind> InvalidFiles => OnBothBackends(Invalid.Keys, []);

    // No OGG files: one second is a single page, and a truncated page yields no samples.
    public static TheoryData<string, AudioDecoderKind, double> Truncations
    {
        get
        {
            var data = new TheoryData<string, AudioDecoderKind, double>
            {
                { "flac", AudioDecoderKind.Native, 0.5 },
                { "flac", AudioDecoderKind.Native, 0.9 },
            };
            foreach (var kind in new[] { AudioDecoderKind.Native, AudioDecoderKind.Managed })
            {
                data.Add("wav 16 bit", kind, 0.5);
                data.Add("wav float", kind, 0.9);
                data.Add("wav adpcm", kind, 0.6);
                data.Add("mp3 without tags", kind, 0.5);
                data.Add("mp3 with id3", kind, 0.8);
                data.Add("aiff", kind, 0.3);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void TryInspect_ValidFile_ReturnsTypeRateAndChannels(string name, AudioDecoderKind kind)
    {
        var (type, rate, channels, make) = Valid[name];

        Assert.True(AudioInspector.TryInspect(make(), BackendOptions.Of(kind), out var info, out var failure), failure?.Detail);

        Assert.Equal((type, rate, channels), (info.MediaType, info.SampleRate, info.Channels));
        if (info.Seconds is { } seconds)
        {
            Assert.InRange(seconds, 0.95, 1.15);
        }
    }

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void TryDecode_ValidFile_IsOneSecondOf440Hertz(string name, AudioDecoderKind kind)
    {
        var file = Valid[name].Make();

        Assert.True(AudioDecoder.TryDecode(file, BackendOptions.Of(kind), Rate, out var samples, out var failure), failure?.Detail);

        Assert.InRange(samples.Length, 0.95 * Rate, 1.15 * Rate);
        Assert.InRange(Hertz(samples.Span[1000..7000]), 439, 441);
    }

    [Theory]
    [MemberData(nameof(InvalidFiles))]
    public void TryDecode_InvalidFile_IsRefusedWithItsCode(string name, AudioDecoderKind kind)
    {
        Assert.False(AudioDecoder.TryDecode(Invalid[name].Make(), BackendOptions.Of(kind), Rate, out _, out var failure));

        Assert.Equal(CodeOf(name, kind), failure.Code);
        Assert.EndsWith(".", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidFiles))]
    public void TryInspect_InvalidFile_IsRefusedUnlessOnlyTheSamplesAreInvalid(string name, AudioDecoderKind kind)
    {
        if (!AudioInspector.TryInspect(Invalid[name].Make(), BackendOptions.Of(kind), out _, out var failure))
        {
            Assert.Equal(CodeOf(name, kind), failure.Code);
        }
        else
        {
            Assert.Contains(name, new[] { "wav with a NaN", "wav with infinity", "wav with 1e38", "wav with three samples" });
        }
    }

    [Theory]
    [MemberData(nameof(Truncations))]
    public void TryDecode_TruncatedFile_YieldsTheSamplesBeforeTheCut(string name, AudioDecoderKind kind, double share)
    {
        var whole = Valid[name].Make();
        var truncated = whole.AsSpan(0, (int)(share * whole.Length));

        Assert.True(AudioDecoder.TryDecode(truncated, BackendOptions.Of(kind), Rate, out var samples, out var failure), failure?.Detail);

        Assert.InRange(samples.Length, 0.1 * Rate, 1.1 * Rate);
        Assert.InRange(Hertz(samples.Span[400..^400]), 430, 450);
    }

    [Theory]
    [InlineData(AudioDecoderKind.Native)]
    [InlineData(AudioDecoderKind.Managed)]
    public void TryDecode_AnyTruncationOfAnyFormat_DoesNotThrow(AudioDecoderKind kind)
    {
        var limits = BackendOptions.Of(kind);
        foreach (var (_, _, _, make) in Valid.Values)
        {
            var whole = make();
            for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 40))
            {
                if (AudioDecoder.TryDecode(whole.AsSpan(0, length), limits, Rate, out var samples, out var failure))
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

    [Theory]
    [InlineData(AudioDecoderKind.Native)]
    [InlineData(AudioDecoderKind.Managed)]
    public void TryDecode_DamagedFile_DoesNotThrowOrExceedTheLimit(AudioDecoderKind kind)
    {
        var limits = BackendOptions.Of(kind);
        var random = new Random(5);
        foreach (var (_, _, _, make) in Valid.Values)
        {
            for (var attempt = 0; attempt < 20; attempt++)
            {
                var bytes = make();
                for (var i = 0; i < 20; i++)
                {
                    bytes[random.Next(Math.Min(bytes.Length, attempt < 10 ? 100 : bytes.Length))] = (byte)random.Next(256);
                }

                if (AudioDecoder.TryDecode(bytes, limits, Rate, out var samples, out _))
                {
                    Assert.True(samples.Length <= (limits.AudioSeconds + 1) * Rate);
                    Assert.False(samples.Span.ContainsAnyExceptInRange(-1e13f, 1e13f));
                }
            }
        }
    }

    [Fact]
    public void TryDecode_UnknownLengthOverTheLimit_IsRefusedWhileDecoding()
    {
        var limits = BackendOptions.Of(AudioDecoderKind.Native);
        limits.AudioSeconds = 0.5;

        Assert.False(AudioDecoder.TryDecode(AudioSamples.Read("tone-unsized.flac"), limits, Rate, out _, out var failure));

        Assert.Equal(MediaFailureCode.TooLarge, failure.Code);
    }

    [Theory]
    [InlineData(AudioDecoderKind.Native)]
    [InlineData(AudioDecoderKind.Managed)]
    public void TryDecode_Silence_IsZeros(AudioDecoderKind kind)
    {
        var limits = BackendOptions.Of(kind);
        var wav = TestAudio.Wav(TestAudio.Silence(16000, 1), 16000);

        Assert.True(AudioDecoder.TryDecode(wav, limits, Rate, out var samples, out _));

        Assert.False(samples.Span.ContainsAnyExcept(0f));
    }

    [Theory]
    [InlineData(AudioDecoderKind.Native)]
    [InlineData(AudioDecoderKind.Managed)]
    public void TryDecode_Stereo_IsTheMeanOfTheChannels(AudioDecoderKind kind)
    {
        var limits = BackendOptions.Of(kind);
        var left = TestAudio.Tone(8000, 1);
        var data = new byte[left.Length * 4];
        for (var i = 0; i < left.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(4 * i), (short)(left[i] * 32767)); // The right channel is silent.
        }

        Assert.True(AudioDecoder.TryDecode(TestAudio.Wav(data, 8000, 16, TestAudio.Pcm, 2), limits, Rate, out var samples, out _));

        Assert.Equal(left[5] / 2, samples.Span[5], 1e-3);
    }

    [Theory]
    [InlineData("tone-44100.flac", "FLAC")]
    [InlineData("tone-flac.oga", "FLAC in OGG")]
    [InlineData("four-8000.mp3", "MP3 at 8,000 Hz")]
    [InlineData("four-quad.ogg", "OGG Vorbis with more than two channels")]
    public void TryDecode_UnsupportedByManagedCode_NamesTheFormatAndTheRemedy(string name, string format)
    {
        var (file, options) = (AudioSamples.Read(name), BackendOptions.Of(AudioDecoderKind.Managed));

        Assert.False(AudioDecoder.TryDecode(file, options, Rate, out _, out var failure));
        Assert.False(AudioInspector.TryInspect(file, options, out _, out var inspected));

        Assert.Equal(failure, inspected);
        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
        Assert.StartsWith($"This server does not read {format}. Convert the file", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("install libsndfile", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AudioDecoderKind.Native, true)]
    [InlineData(AudioDecoderKind.Managed, false)]
    public void TryDecode_UnknownType_ListsFlacOnlyIfSupported(AudioDecoderKind kind, bool isListed)
    {
        Assert.False(AudioDecoder.TryDecode("seven"u8, BackendOptions.Of(kind), Rate, out _, out var failure));

        Assert.Equal(isListed, failure.Detail.Contains("FLAC", StringComparison.Ordinal));
        Assert.Contains("AIFF", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("png", "a PNG image")]
    [InlineData("jpeg", "a JPEG image")]
    [InlineData("avi", "an AVI video")]
    public void TryDecode_FileOfAnotherKind_NamesIt(string name, string kind)
    {
        var file = Invalid[name].Make();

        Assert.False(AudioDecoder.TryDecode(file, BackendOptions.Of(AudioDecoderKind.Managed), Rate, out _, out var failure));

        Assert.StartsWith($"The bytes are {kind}, which this server does not read as audio.", failure.Detail, StringComparison.Ordinal);
    }

    private static TheoryData<string, AudioDecoderKind> OnBothBackends(IEnumerable<string> names, string[] exceptManaged)
    {
        var data = new TheoryData<string, AudioDecoderKind>();
        foreach (var name in names)
        {
            data.Add(name, AudioDecoderKind.Native);
            if (!exceptManaged.Contains(name))
            {
                data.Add(name, AudioDecoderKind.Managed);
            }
        }

        return data;
    }

    private static MediaFailureCode CodeOf(string name, AudioDecoderKind kind) =>
        kind == AudioDecoderKind.Managed && UnsupportedManagedInvalid.Contains(name)
            ? MediaFailureCode.UnsupportedType
            : Invalid[name].Code;

    private static byte[] Tone(int rate, int bits, ushort format = TestAudio.Pcm, int channels = 1) =>
        TestAudio.Wav(TestAudio.Tone(rate, 1), rate, bits, format, channels);

    private static byte[] WithLength(byte[] wav, uint length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(4), length);
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(40), length);
        return wav;
    }

    private static byte[] WithRiffLength(byte[] wav, uint length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(4), length);
        return wav;
    }

    private static byte[] WithSample(float value)
    {
        var samples = TestAudio.Tone(8000, 1);
        samples[5000] = value;
        return TestAudio.Wav(samples, 8000, 32, TestAudio.Float);
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[5000];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Changes the 36-bit number of samples in STREAMINFO (RFC 9639, section 8.2).</summary>
    private static byte[] FlacWithFrames(long frames)
    {
        var bytes = AudioSamples.Read("tone-44100.flac");
        bytes[21] = (byte)((bytes[21] & 0xF0) | (int)(frames >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(22), (uint)frames);
        return bytes;
    }

    /// <summary>Measures the frequency of a tone at 8 kHz from its interpolated upward zero crossings.</summary>
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
