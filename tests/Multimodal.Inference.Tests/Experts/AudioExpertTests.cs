using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Tests.Audio;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>The bundled audio experts, from the file to the opinion.</summary>
public sealed class AudioExpertTests
{
    [Theory]
    [InlineData("spoken-zero.ogg", 0, AudioDecoderKind.Native)]
    [InlineData("spoken-three.flac", 3, AudioDecoderKind.Native)]
    [InlineData("spoken-seven.mp3", 7, AudioDecoderKind.Native)]
    [InlineData("spoken-zero.ogg", 0, AudioDecoderKind.Managed)]
    [InlineData("spoken-seven.mp3", 7, AudioDecoderKind.Managed)]
    [InlineData("four-hybrid.opus", 4, AudioDecoderKind.Managed)]
    public async Task Speech_SpokenDigit_IsRecognized(string name, int digit, AudioDecoderKind kind)
    {
        await using var expert = await OpenAsync("audio-speech", BackendOptions.Of(kind));

        var (label, confidence) = await AnalyzeAsync(expert, AudioSamples.Read(name));

        Assert.Equal(digit, label);
        Assert.InRange(confidence, 0.5, 1);
    }

    [Theory]
    [InlineData("audio-speech")]
    [InlineData("audio-dtmf")]
    public async Task Analyze_Silence_IsDeclinedAsEmpty(string name)
    {
        await using var expert = await OpenAsync(name);

        var outcome = await expert.AnalyzeAsync(
            new MediaContent(TestAudio.Wav(TestAudio.Silence(16000, 1), 16000)), DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Equal(DeclineReason.Empty, Assert.IsType<ExpertOutcome.Declined>(outcome).Reason);
    }

    [Fact]
    public async Task Keys_AnyDigitAtAnyRateInNoise_IsRecognized()
    {
        await using var expert = await OpenAsync("audio-dtmf");
        foreach (var rate in new[] { 8000, 16000, 22050, 44100, 48000 })
        {
            for (var digit = 0; digit < 10; digit++)
            {
                float[] key = [.. TestAudio.Silence(rate, 0.4), .. TestAudio.Key(digit, rate, 0.15), .. TestAudio.Silence(rate, 0.3)];
                var noise = TestAudio.Noise(rate, key.Length / (double)rate, 0.25 * Math.Pow(10, -10 / 20.0), digit);
                var noisy = TestAudio.Sum(key, noise);

                var (label, confidence) = await AnalyzeAsync(expert, TestAudio.Wav(noisy, rate));

                Assert.Equal((rate, digit), (rate, label));
                Assert.InRange(confidence, 0.8, 1);
            }
        }
    }

    [Theory]
    [InlineData(697)]
    [InlineData(1336)]
    [InlineData(440)]
    public async Task Keys_SingleTone_HasLowerConfidenceThanAKey(double hertz)
    {
        await using var expert = await OpenAsync("audio-dtmf");

        var (_, confidence) = await AnalyzeAsync(expert, TestAudio.Wav(TestAudio.Tone(8000, 0.5, hertz), 8000));

        Assert.InRange(confidence, 0.1, 0.8); // Keys have more than 0.8, see the previous test.
    }

    [Theory]
    [InlineData("audio-speech")]
    [InlineData("audio-dtmf")]
    public async Task Expert_InABatchAndAlone_HasTheSameOpinion(string name)
    {
        await using var expert = await OpenAsync(name);
        byte[][] sounds = [.. Enumerable.Range(0, 8).Select(digit => TestAudio.Wav(TestAudio.Key(digit, 8000, 0.3), 8000))];
        var alone = new List<double[]>();
        foreach (var sound in sounds)
        {
            alone.Add(await OpinionAsync(expert, sound));
        }

        var together = await Task.WhenAll(sounds.Select(sound => OpinionAsync(expert, sound)));

        for (var i = 0; i < sounds.Length; i++)
        {
            Assert.Equal(alone[i].Select(Math.Exp), together[i].Select(Math.Exp), (one, other) => Math.Abs(one - other) < 1e-4);
        }
    }

    [Theory]
    [InlineData("audio-speech")]
    [InlineData("audio-dtmf")]
    public void Model_OnDisk_IsUnderTwoMegabytes(string name) =>
        Assert.InRange(new FileInfo(Path.Combine(Folder(name), "model.onnx")).Length, 1, 2_000_000);

    private static Task<IExpert> OpenAsync(string name, MediaOptions? limits = null)
    {
        var settings = new ExpertSettings { Media = limits ?? new MediaOptions() };
        var result = ExpertPackageReader.Read(Folder(name), settings.Media);
        Assert.True(result.Package is not null, string.Join('\n', result.Problems));
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        return loader.OpenAsync(result.Package, settings, CancellationToken.None);
    }

    private static async Task<double[]> OpinionAsync(IExpert expert, byte[] media)
    {
        var outcome = await expert.AnalyzeAsync(new MediaContent(media), DateTimeOffset.MaxValue, CancellationToken.None);
        return Assert.IsType<ExpertOutcome.Answered>(outcome).LogProbabilities;
    }

    private static async Task<(int Label, double Confidence)> AnalyzeAsync(IExpert expert, byte[] media)
    {
        var opinion = await OpinionAsync(expert, media);
        var label = Array.IndexOf(opinion, opinion.Max());
        return (label, Math.Exp(opinion[label]));
    }

    private static string Folder(string name) => RepositoryFiles.At("models", "digits", name);
}
