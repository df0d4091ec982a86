using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>An expert with word-piece tokenization, from the package to the opinion.</summary>
public sealed class WordPieceExpertTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("seven", 7, 3)]
    [InlineData("The answer is SEVEN!", 7, 7)]
    [InlineData("ninefolds", 9, 5)]
    [InlineData("unheard of\nthree", 3, 5)]
    public async Task AnalyzeAsync_Text_ReturnsTheLabelOfItsWord(string text, int label, int pieces)
    {
        await using var expert = await OpenAsync();

        var outcome = Assert.IsType<ExpertOutcome.Answered>(Assert.Single(await AnalyzeAsync(expert, text)));

        // The model averages the embeddings of all pieces, including [CLS] and [SEP] and without padding. One piece has the label.
        var logit = WordPiecePackage.Strength / pieces;
        Assert.Equal(logit - Math.Log(Math.Exp(logit) + 9), outcome.LogProbabilities[label], 1e-5);
    }

    [Fact]
    public async Task AnalyzeAsync_RowOfABatch_EqualsTheSingleResult()
    {
        string[] texts = ["seven", "the answer is two", "eighth!", "one " + string.Concat(Enumerable.Repeat("the ", 100)), "no such word"];
        await using var expert = await OpenAsync();

        var batch = await AnalyzeAsync(expert, texts);

        foreach (var (text, together) in texts.Zip(batch.Cast<ExpertOutcome.Answered>()))
        {
            var alone = Assert.IsType<ExpertOutcome.Answered>(Assert.Single(await AnalyzeAsync(expert, text)));
            Assert.Equal(alone.LogProbabilities, together.LogProbabilities, (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_NothingToTokenize_OnlyItIsDeclined()
    {
        await using var expert = await OpenAsync();

        var outcomes = await AnalyzeAsync(expert, "four", "\uE000", "five");

        Assert.Equal(DeclineReason.BadInput, Assert.IsType<ExpertOutcome.Declined>(outcomes[1]).Reason);
        Assert.IsType<ExpertOutcome.Answered>(outcomes[0]);
        Assert.IsType<ExpertOutcome.Answered>(outcomes[2]);
    }

    [Fact]
    public void Read_ChangedVocabulary_IsReported()
    {
        var folder = WordPiecePackage.Write(_scratch.Path);
        File.AppendAllText(Path.Combine(folder, "vocab.txt"), "ten\n");

        var problem = Assert.Single(ExpertPackageReader.Read(folder, new MediaOptions()).Problems);

        Assert.Equal("preprocessing.vocabularySha256", problem.Key);
    }

    [Fact]
    public async Task OpenAsync_VocabularyDeletedAfterReading_ThrowsInvalidPackage()
    {
        var folder = WordPiecePackage.Write(_scratch.Path);
        var package = ExpertPackageReader.Read(folder, new MediaOptions()).OrThrow();
        File.Delete(Path.Combine(folder, "vocab.txt"));
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);

        var exception = await Assert.ThrowsAsync<InvalidPackageException>(
            () => loader.OpenAsync(package, new ExpertSettings(), CancellationToken.None));

        Assert.Equal("preprocessing.vocabulary", Assert.Single(exception.Problems).Key);
    }

    private Task<IExpert> OpenAsync()
    {
        var package = ExpertPackageReader.Read(WordPiecePackage.Write(_scratch.Path), new MediaOptions()).OrThrow();
        var settings = new ExpertSettings
        {
            Execution = new ExecutionOptions { Provider = ExecutionProvider.Cpu },
            Batching = new BatchingOptions { MaxBatchSize = 8 },
        };
        return new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance).OpenAsync(package, settings, CancellationToken.None);
    }

    private static Task<ExpertOutcome[]> AnalyzeAsync(IExpert expert, params string[] texts) => Task.WhenAll(texts.Select(text =>
        expert.AnalyzeAsync(new MediaContent(Encoding.UTF8.GetBytes(text)), TimeProvider.System.GetUtcNow().AddMinutes(1), CancellationToken.None)));
}
