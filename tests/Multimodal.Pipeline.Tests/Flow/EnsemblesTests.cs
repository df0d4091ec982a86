using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A service with several ensembles.</summary>
public sealed class EnsemblesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_SettingsOfAnExpertThatOneEnsembleHas_BothAreServed()
    {
        var digits = RepositoryFiles.At("models", "digits");
        UntrainedEnsemble.WriteAs("words", _folder.At("models"), digits, "text-words");
        UntrainedEnsemble.WriteAs("numerals", _folder.At("models"), digits, "text-numerals");

        await using var host = await PipelineHost.StartAsync(
            _folder.At("data"),
            ("Multimodal:ModelsFolder", _folder.At("models")),
            ("Multimodal:DefaultEnsemble", "words"),
            ("Multimodal:Inference:Experts:text-numerals:Batching:MaxBatchSize", "2"));

        var word = await host.Http.PostAsync("seven");
        var numeral = await host.Http.PostAsync("7", options: """{"ensemble": "numerals"}""");
        Assert.Equal(("words", "7"), (word.Text("ensemble"), word.Text("label")));
        Assert.Equal(("numerals", "7"), (numeral.Text("ensemble"), numeral.Text("label")));
    }

    [Fact]
    public async Task Post_EnsembleOfAnExpertThatReadsWordPieces_AnswersAndNamesWhatItCannotRead()
    {
        WordPiecePackage.Write(_folder.At("experts"));
        UntrainedEnsemble.WriteAs("pieces", _folder.At("models"), _folder.At("experts"), WordPiecePackage.Name);

        await using var host = await PipelineHost.StartAsync(
            _folder.Path, ("Multimodal:ModelsFolder", _folder.At("models")), ("Multimodal:DefaultEnsemble", "pieces"));

        var answer = await host.Http.PostAsync("The answer is NINE!");
        var unreadable = await host.Http.PostAsync("\uE000");
        Assert.Equal(("completed", "9"), (answer.Text("status"), answer.Text("label")));
        var expert = Assert.Single(unreadable.Json.GetProperty("experts").EnumerateArray());
        Assert.Equal(("failed", "declined", "bad-input"), (unreadable.Text("status"), expert.GetProperty("state").GetString(), expert.GetProperty("reason").GetString()));
    }
}
