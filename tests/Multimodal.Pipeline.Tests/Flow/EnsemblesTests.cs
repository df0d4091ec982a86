using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Rules;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>One service, several ensembles.</summary>
public sealed class EnsemblesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_SettingsOfAnExpertThatOneEnsembleHas_BothAreServed()
    {
        var digits = Path.Combine(Checkout.Root, "models", "digits");
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
}
