using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>The bundled ensemble.</summary>
public sealed class DigitsEnsembleTests
{
    private const int Items = 7; // Not a power of two, so no warm-up batch has this size.

    private static readonly string[] Experts =
        ["text-words", "text-numerals", "vision-handwritten", "vision-printed", "audio-speech", "audio-dtmf"];

    [Fact]
    public void Read_BundledEnsemble_IsValid()
    {
        var result = EnsemblePackageReader.Read(RepositoryFiles.At("models", "digits"), new MediaOptions());

        Assert.Empty(result.Problems);
        Assert.Equal(Experts, result.Package!.Experts.Select(expert => expert.Package.Name));
        Assert.All(
            result.Package.Experts,
            expert => Assert.True(new FileInfo(expert.Package.ModelPath).Length < 2_000_000, expert.Package.Name));
    }

    public static TheoryData<string> Names => new(Experts);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AnalyzeAsync_RowOfABatch_EqualsTheSingleResult(string name)
    {
        var package = ExpertPackageReader.Read(RepositoryFiles.At("models", "digits", name), new MediaOptions()).OrThrow();
        var media = Enumerable.Range(0, Items).Select(digit => DigitMedia.Make(package.Modality, digit)).ToArray();

        await using var single = await OpenAsync(package, new BatchingOptions { MaxBatchSize = 1, MaxDelay = TimeSpan.Zero });
        var alone = new List<ExpertOutcome>();
        foreach (var item in media)
        {
            alone.Add(await single.AnalyzeAsync(new MediaContent(item), DateTimeOffset.MaxValue, CancellationToken.None));
        }

        var batching = new BatchingOptions { Adaptive = false, MaxBatchSize = Items, MaxDelay = TimeSpan.FromSeconds(1) };
        await using var batched = await OpenAsync(package, batching);
        var together = await Task.WhenAll(
            media.Select(item => batched.AnalyzeAsync(new MediaContent(item), DateTimeOffset.MaxValue, CancellationToken.None)));

        Assert.All(alone.Zip(together), pair =>
        {
            var (one, row) = (Assert.IsType<ExpertOutcome.Answered>(pair.First), Assert.IsType<ExpertOutcome.Answered>(pair.Second));
            Assert.Equal((1, Items), (one.Timings.BatchSize, row.Timings.BatchSize));
            Assert.All(one.LogProbabilities.Zip(row.LogProbabilities), values => Assert.Equal(values.First, values.Second, 1e-3));
        });
    }

    private static Task<IExpert> OpenAsync(ExpertPackage package, BatchingOptions batching) =>
        new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance).OpenAsync(
            package,
            new ExpertSettings { Execution = new ExecutionOptions { Provider = ExecutionProvider.Cpu }, Batching = batching },
            CancellationToken.None);
}
