using System.Runtime.InteropServices;
using System.Text.Json;
using Multimodal.Inference.Audio;
using Multimodal.Inference.Audio.Preprocessing;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Tests.Audio.Preprocessing;

public sealed class WaveformPreprocessorTests
{
    private const int Rate = 8000;

    [Theory]
    [InlineData(8000, double.PositiveInfinity)]
    [InlineData(16000, 20)]
    [InlineData(44100, 10)]
    [InlineData(48000, 10)]
    public void ActiveSegment_ToneInNoise_IsFound(int rate, double snr)
    {
        const double Start = 1.3, Length = 0.6;
        float[] tone = [.. TestAudio.Silence(rate, Start), .. TestAudio.Tone(rate, Length), .. TestAudio.Silence(rate, 2)];
        var noise = TestAudio.Noise(rate, tone.Length / (double)rate, 0.5 / Math.Sqrt(2) * Math.Pow(10, -snr / 20), 1);
        var noisy = TestAudio.Sum(tone, noise);

        var clean = ActiveSegment.BlockDc(noisy, rate);
        var found = ActiveSegment.Find(clean, ActiveSegment.Loudness(clean, rate), rate);

        Assert.InRange(found.Start / (double)rate, Start - 0.06, Start + 0.03);
        Assert.InRange(found.End / (double)rate, Start + Length - 0.03, Start + Length + 0.06);
    }

    [Fact]
    public void ActiveSegment_ClickBeforeATone_IsTheTone()
    {
        var silence = TestAudio.Silence(Rate, 0.5);
        float[] sound = [.. silence, 0.9f, -0.9f, .. silence, .. TestAudio.Tone(Rate, 0.4), .. silence];

        var clean = ActiveSegment.BlockDc(sound, Rate);
        var found = ActiveSegment.Find(clean, ActiveSegment.Loudness(clean, Rate), Rate);

        Assert.InRange(found.Start, 7600, 8100);
    }

    [Fact]
    public void TryPrepare_ToneInSilence_IsCentredAtTheTargetLevel()
    {
        float[] sound = [.. TestAudio.Silence(16000, 2), .. TestAudio.Tone(16000, 0.5, amplitude: 0.01), .. TestAudio.Silence(16000, 1)];

        var row = Prepare("""{"kind":"waveform","sampleRate":8000,"seconds":1.5}""", TestAudio.Wav(sound, 16000));

        Assert.Equal(12000, row.Length);
        Assert.InRange(Rms(row.AsSpan(4500..7500)), 0.095, 0.12);
        Assert.InRange(Rms(row.AsSpan(..3000)), 0, 0.002);
        Assert.InRange(Rms(row.AsSpan(9000..)), 0, 0.002);
    }

    [Fact]
    public void TryPrepare_LongTone_FillsTheWindow()
    {
        var row = Prepare("""{"kind":"waveform","sampleRate":8000,"seconds":0.5}""", TestAudio.Wav(TestAudio.Tone(Rate, 5), Rate));

        Assert.InRange(Rms(row.AsSpan(..400)), 0.09, 0.11);
        Assert.InRange(Rms(row.AsSpan(3600..)), 0.09, 0.11);
    }

    [Fact]
    public void TryPrepare_NoTrimNoNormalization_IsTheStartOfTheFile()
    {
        var row = Prepare(
            """{"kind":"waveform","sampleRate":8000,"seconds":1,"trim":"none","normalise":"none"}""",
            TestAudio.Wav(TestAudio.Tone(Rate, 0.5), Rate));

        Assert.InRange(Rms(row.AsSpan(..4000)), 0.33, 0.36);
        Assert.Equal(0, Rms(row.AsSpan(4000..)));
    }

    [Fact]
    public void TryPrepare_PeakNormalization_ReachesOne()
    {
        var row = Prepare(
            """{"kind":"waveform","sampleRate":8000,"seconds":1,"normalise":"peak"}""",
            TestAudio.Wav(TestAudio.Tone(Rate, 0.5, amplitude: 0.02), Rate));

        Assert.InRange(row.Max(Math.Abs), 0.97f, 1.001f);
    }

    [Fact]
    public void TryPrepare_Silence_IsEmpty()
    {
        var preprocessor = Create("""{"kind":"waveform","sampleRate":8000,"seconds":1.5}""");

        var isPrepared = preprocessor.TryPrepare(
            new MediaContent(TestAudio.Wav(TestAudio.Silence(Rate, 1), Rate)), new byte[preprocessor.Row.ByteLength], out var failure);

        Assert.False(isPrepared);
        Assert.Equal(MediaFailureCode.Empty, failure!.Code);
    }

    [Fact]
    public void TryPrepare_DcOffset_IsRemoved()
    {
        var sound = TestAudio.Tone(Rate, 1, amplitude: 0.1).Select(sample => sample + 0.5f).ToArray();

        var row = Prepare("""{"kind":"waveform","sampleRate":8000,"seconds":0.5}""", TestAudio.Wav(sound, Rate));

        Assert.InRange(row[1000..3000].Average(), -0.01f, 0.01f);
    }

    [Fact]
    public void TryPrepare_Twice_IsBitIdentical()
    {
        var preprocessor = Create("""{"kind":"waveform","sampleRate":8000,"seconds":1.5}""");
        var (one, two) = (new byte[preprocessor.Row.ByteLength], new byte[preprocessor.Row.ByteLength]);
        two.AsSpan().Fill(0xFF);

        Assert.True(preprocessor.TryPrepare(new MediaContent(AudioSamples.Read("spoken-seven.mp3")), one, out _));
        Assert.True(preprocessor.TryPrepare(new MediaContent(AudioSamples.Read("spoken-seven.mp3")), two, out _));

        Assert.Equal(one, two);
    }

    [Fact]
    public void TryPrepare_NotAudio_IsRefused()
    {
        var preprocessor = Create("""{"kind":"waveform","sampleRate":8000,"seconds":1.5}""");

        Assert.False(preprocessor.TryPrepare(new MediaContent("seven"u8.ToArray()), new byte[preprocessor.Row.ByteLength], out var failure));

        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
    }

    [Theory]
    [InlineData("""{"kind":"waveform"}""", "sampleRate", "seconds")]
    [InlineData("""{"kind":"waveform","sampleRate":8000.5,"seconds":0}""", "sampleRate", "seconds")]
    [InlineData("""{"kind":"waveform","sampleRate":"8000","seconds":1,"trim":"Energy","normalise":3}""", "sampleRate", "trim", "normalise")]
    [InlineData("""{"kind":"waveform","sampleRate":8000,"seconds":1,"rate":8000,"mel":40}""", "rate", "mel")]
    [InlineData("""{"kind":"waveform","sampleRate":1000000,"seconds":1e9}""", "sampleRate", "seconds")]
    public void Create_Errors_AreAllReported(string options, params string[] keys)
    {
        List<string> reported = [];

        var preprocessor = WaveformPreprocessor.Create(
            new PreprocessorContext(JsonDocument.Parse(options).RootElement, ".", new MediaOptions()), (key, _) => reported.Add(key));

        Assert.Null(preprocessor);
        Assert.Equal(keys.Order(), reported.Order());
    }

    private static float[] Prepare(string options, byte[] media)
    {
        var preprocessor = Create(options);
        var row = new byte[preprocessor.Row.ByteLength];
        Assert.True(preprocessor.TryPrepare(new MediaContent(media), row, out var failure), failure?.Detail);
        return MemoryMarshal.Cast<byte, float>(row).ToArray();
    }

    private static WaveformPreprocessor Create(string options)
    {
        var made = PreprocessorTable.ByKind["waveform"](
            new PreprocessorContext(JsonDocument.Parse(options).RootElement, ".", new MediaOptions()),
            (key, problem) => Assert.Fail($"{key} {problem}"));
        return Assert.IsType<WaveformPreprocessor>(made);
    }

    private static double Rms(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return Math.Sqrt(sum / samples.Length);
    }
}
