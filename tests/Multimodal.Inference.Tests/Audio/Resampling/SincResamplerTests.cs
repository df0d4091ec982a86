using System.Buffers;
using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Tests.Audio.Resampling;

public sealed class SincResamplerTests
{
    // Rates of files and models, two ratios without a short cycle (44,056 and 15,999), and the lowest and highest supported rates.
    public static TheoryData<int, int> Rates => new()
    {
        { 8000, 16000 }, { 11025, 8000 }, { 16000, 8000 }, { 22050, 8000 }, { 44100, 8000 }, { 48000, 8000 }, { 44100, 16000 },
        { 44056, 8000 }, { 15999, 8000 }, { 8000, 44100 }, { 768000, 8000 }, { 1000, 8000 },
    };

    // Input rate, output rate, input samples, and the number of output samples of libsoxr 0.1.3.
    public static TheoryData<int, int, int, int> Lengths => new()
    {
        { 8000, 16000, 32077, 64154 }, { 11025, 8000, 44177, 32056 }, { 12000, 8000, 48077, 32051 }, { 16000, 8000, 64077, 32039 },
        { 22050, 8000, 88277, 32028 }, { 24000, 8000, 96077, 32026 }, { 44100, 8000, 176477, 32014 }, { 48000, 8000, 192077, 32013 },
        { 44100, 16000, 176477, 64028 }, { 44056, 8000, 176301, 32014 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void Write_SumOfSines_KeepsTheSignal(int input, int output)
    {
        double[] shares = [0.013, 0.11, 0.37, 0.62, 0.89]; // of the lower Nyquist frequency, in the pass band
        var hertz = shares.Select(share => share * Math.Min(input, output) / 2).ToArray();
        var seconds = 600.0 / Math.Min(input, output);

        float[] signal = [.. Enumerable.Range(0, (int)(seconds * input)).Select(i => Signal(hertz, (double)i / input))];
        var converted = Convert(signal, input, output, 4096);

        // Half the filter length at both ends is excluded, where the cut signal rings.
        var margin = (int)(112.0 * output / Math.Min(input, output));
        var error = 0.0;
        for (var i = margin; i < converted.Length - margin; i++)
        {
            error = Math.Max(error, Math.Abs(converted[i] - Signal(hertz, (double)i / output)));
        }

        Assert.InRange(error, 0, 1e-5); // 100 dB below full scale
    }

    [Theory]
    [InlineData(16000, 8000, 4100)]
    [InlineData(44100, 8000, 5000)]
    [InlineData(48000, 8000, 20000)]
    [InlineData(44056, 8000, 4100)]
    public void Write_ToneAboveTheLowerNyquistFrequency_IsRemoved(int input, int output, double hertz)
    {
        var converted = Convert(TestAudio.Tone(input, 0.5, hertz), input, output, 4096);

        Assert.False(converted.AsSpan(120..^120).ContainsAnyExceptInRange(-1e-5f, 1e-5f));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Finish_AnyLength_HasTheLengthOfLibsoxr(int input, int output, int samples, int expected)
    {
        Assert.Equal(expected, Convert(new float[samples], input, output, 4096).Length);
    }

    [Theory]
    [InlineData(44100, 8000)]
    [InlineData(44056, 8000)]
    [InlineData(8000, 16000)]
    public void Write_AnyBlockSize_HasTheSameResult(int input, int output)
    {
        var noise = TestAudio.Noise(input, 0.2, 0.1, seed: 1);
        var whole = Convert(noise, input, output, noise.Length);

        foreach (var block in new[] { 1, 7, 441, 4096 })
        {
            Assert.Equal(whole, Convert(noise, input, output, block));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Finish_InputShorterThanTheFilter_KeepsTheDuration(int samples)
    {
        Assert.Equal((samples + 1) / 2, Convert([.. Enumerable.Repeat(0.5f, samples)], 16000, 8000, 4096).Length);
    }

    [Fact]
    public void Write_Constant_IsUnchanged()
    {
        var converted = Convert([.. Enumerable.Repeat(0.75f, 20000)], 22050, 8000, 4096);

        Assert.False(converted.AsSpan(200..^200).ContainsAnyExceptInRange(0.7499999f, 0.7500001f));
    }

    /// <summary>White noise contains all frequencies, including those between pass band and stop band.</summary>
    [Theory]
    [InlineData(12000, 8000, 110)]
    [InlineData(16000, 8000, 110)]
    [InlineData(24000, 8000, 110)]
    [InlineData(32000, 8000, 100)]
    [InlineData(48000, 8000, 100)]
    [InlineData(96000, 8000, 100)]
    [InlineData(192000, 8000, 100)]
    [InlineData(48000, 16000, 110)]
    [InlineData(8000, 16000, 110)]
    [InlineData(11025, 8000, 65)]
    [InlineData(22050, 8000, 65)]
    [InlineData(44100, 8000, 65)]
    [InlineData(88200, 8000, 65)]
    [InlineData(44056, 8000, 65)]
    [InlineData(44100, 16000, 65)]
    [InlineData(20000, 8000, 65)]
    [InlineData(9600, 8000, 65)]
    public void Write_Noise_EqualsLibsoxr(int input, int output, double decibels)
    {
        Assert.SkipWhen(NativeAudioLibraries.Missing.Count > 0, "libsoxr is not installed.");
        var noise = TestAudio.Noise(input, 1, 0.1, seed: 2);
        // The noise fades in, because libsoxr drops the ringing of its first stages before the start.
        for (var i = 0; i < input / 10; i++)
        {
            noise[i] *= i / (input / 10f);
        }

        var expected = new ArrayBufferWriter<float>();
        using var soxr = new SoxrResampler(input, output, expected);
        soxr.Write(noise);
        soxr.Finish();
        var converted = Convert(noise, input, output, 4096);

        Assert.Equal(expected.WrittenCount, converted.Length);
        double signal = 0, error = 0;
        for (var i = 0; i < converted.Length; i++)
        {
            signal += (double)expected.WrittenSpan[i] * expected.WrittenSpan[i];
            error += Math.Pow(expected.WrittenSpan[i] - converted[i], 2);
        }

        Assert.InRange(10 * Math.Log10(signal / error), decibels, 200);
    }

    private static float[] Convert(float[] samples, int input, int output, int block)
    {
        var converted = new ArrayBufferWriter<float>();
        using var resampler = new SincResampler(input, output, converted);
        for (var i = 0; i < samples.Length; i += block)
        {
            resampler.Write(samples.AsSpan(i, Math.Min(block, samples.Length - i)));
        }

        resampler.Finish();
        return converted.WrittenSpan.ToArray();
    }

    private static float Signal(double[] hertz, double time) =>
        (float)hertz.Sum(frequency => 0.2 * Math.Sin((2 * Math.PI * frequency * time) + frequency));
}
