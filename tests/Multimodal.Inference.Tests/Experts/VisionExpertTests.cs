using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Tests.Vision;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>The shipped vision experts from file to opinion: decode, find, cut, ONNX Runtime, calibration.</summary>
public sealed class VisionExpertTests
{
    [Theory]
    [InlineData("vision-handwritten", "handwritten-3.jpg", 3)]
    [InlineData("vision-handwritten", "handwritten-7.jpg", 7)]
    [InlineData("vision-handwritten", "handwritten-8.jpg", 8)]
    [InlineData("vision-printed", "printed-2.jpg", 2)]
    [InlineData("vision-printed", "printed-5.jpg", 5)]
    [InlineData("vision-printed", "printed-9.jpg", 9)]
    public async Task Expert_SampleAsPeopleSendIt_ReadsTheDigit(string name, string file, int digit)
    {
        await using var expert = await OpenAsync(name);

        var (label, confidence) = await JudgeAsync(expert, TestImages.Shipped(file));

        Assert.Equal(digit, label);
        Assert.InRange(confidence, 0.5, 1);
    }

    [Fact]
    public async Task Printed_SevenSegmentDigits_AreAllRead()
    {
        await using var expert = await OpenAsync("vision-printed");
        for (var digit = 0; digit < 10; digit++)
        {
            var (label, _) = await JudgeAsync(expert, new Scene(320, 240, 30).Digit(digit, 120, 60, 64, 110, 210).Noise(4, digit).ToPng());

            Assert.Equal(digit, label);
        }
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public async Task Expert_PictureWithoutADigit_IsUnsure(string name)
    {
        await using var expert = await OpenAsync(name);

        var (_, blank) = await JudgeAsync(expert, new Scene(200, 150, 128).ToPng());
        var (_, noise) = await JudgeAsync(expert, new Scene(200, 150, 128).Noise(30, 1).ToPng());

        Assert.InRange(blank, 0.1, 0.6);
        Assert.InRange(noise, 0.1, 0.6);
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public async Task Expert_TogetherAndAlone_SaysTheSame(string name)
    {
        await using var expert = await OpenAsync(name);
        byte[][] pictures = [.. Enumerable.Range(0, 8).Select(digit => new Scene(96, 120, 220).Digit(digit, 30, 20, 40, 70, 40).ToPng())];
        List<double[]> alone = [];
        foreach (var picture in pictures)
        {
            alone.Add(await OpinionAsync(expert, picture));
        }

        var together = await Task.WhenAll(pictures.Select(picture => OpinionAsync(expert, picture)));

        for (var i = 0; i < pictures.Length; i++)
        {
            Assert.Equal(alone[i].Select(Math.Exp), together[i].Select(Math.Exp), (one, other) => Math.Abs(one - other) < 1e-4);
        }
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public void Model_OnDisk_IsUnderTwoMegabytes(string name) =>
        Assert.InRange(new FileInfo(RepositoryFiles.At("models", "digits", name, "model.onnx")).Length, 1, 2_000_000);

    private static Task<IExpert> OpenAsync(string name)
    {
        var reading = ExpertPackageReader.Read(RepositoryFiles.At("models", "digits", name), new MediaOptions());
        Assert.True(reading.Package is not null, string.Join('\n', reading.Problems));
        return new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance).OpenAsync(reading.Package, new ExpertSettings(), CancellationToken.None);
    }

    private static async Task<double[]> OpinionAsync(IExpert expert, byte[] media)
    {
        var outcome = await expert.AnalyzeAsync(media, DateTimeOffset.MaxValue, CancellationToken.None);
        return Assert.IsType<ExpertOutcome.Answered>(outcome).LogProbabilities;
    }

    private static async Task<(int Label, double Confidence)> JudgeAsync(IExpert expert, byte[] media)
    {
        var opinion = await OpinionAsync(expert, media);
        var label = Array.IndexOf(opinion, opinion.Max());
        return (label, Math.Exp(opinion[label]));
    }
}
