using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Tests.Vision;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>The bundled vision experts, from the file to the opinion.</summary>
public sealed class VisionExpertTests
{
    [Theory]
    [InlineData("vision-handwritten", "handwritten-3.jpg", 3)]
    [InlineData("vision-handwritten", "handwritten-7.jpg", 7)]
    [InlineData("vision-handwritten", "handwritten-8.jpg", 8)]
    [InlineData("vision-printed", "printed-2.jpg", 2)]
    [InlineData("vision-printed", "printed-5.jpg", 5)]
    [InlineData("vision-printed", "printed-9.jpg", 9)]
    public async Task Expert_Photo_RecognizesTheDigit(string name, string file, int digit)
    {
        await using var expert = await OpenAsync(name);

        var (label, confidence) = await AnalyzeAsync(expert, TestImages.Read(file));

        Assert.Equal(digit, label);
        Assert.InRange(confidence, 0.5, 1);
    }

    [Fact]
    public async Task Printed_SevenSegmentDigits_AreRecognized()
    {
        await using var expert = await OpenAsync("vision-printed");
        for (var digit = 0; digit < 10; digit++)
        {
            var scene = new Scene(320, 240, 30).Digit(digit, (120, 60, 64, 110), 210).Noise(4, digit);
            var (label, _) = await AnalyzeAsync(expert, scene.ToPng());

            Assert.Equal(digit, label);
        }
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public async Task Expert_BlankImage_IsDeclinedAsEmpty(string name)
    {
        await using var expert = await OpenAsync(name);

        var outcome = await expert.AnalyzeAsync(new MediaContent(TestImages.Read("cases/1x1.png")), DateTimeOffset.MaxValue, default);

        Assert.Equal(DeclineReason.Empty, Assert.IsType<ExpertOutcome.Declined>(outcome).Reason);
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public async Task Expert_ImageWithoutADigit_HasLowConfidence(string name)
    {
        await using var expert = await OpenAsync(name);

        var (_, noise) = await AnalyzeAsync(expert, new Scene(200, 150, 128).Noise(30, 1).ToPng());

        Assert.InRange(noise, 0.1, 0.6);
    }

    [Theory]
    [InlineData("vision-handwritten")]
    [InlineData("vision-printed")]
    public async Task Expert_InABatchAndAlone_HasTheSameOpinion(string name)
    {
        await using var expert = await OpenAsync(name);
        byte[][] images = [.. Enumerable.Range(0, 8).Select(digit => new Scene(96, 120, 220).Digit(digit, (30, 20, 40, 70), 40).ToPng())];
        List<double[]> alone = [];
        foreach (var image in images)
        {
            alone.Add(await OpinionAsync(expert, image));
        }

        var together = await Task.WhenAll(images.Select(image => OpinionAsync(expert, image)));

        for (var i = 0; i < images.Length; i++)
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
        var result = ExpertPackageReader.Read(RepositoryFiles.At("models", "digits", name), new MediaOptions());
        Assert.True(result.Package is not null, string.Join('\n', result.Problems));
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        return loader.OpenAsync(result.Package, new ExpertSettings(), CancellationToken.None);
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
}
