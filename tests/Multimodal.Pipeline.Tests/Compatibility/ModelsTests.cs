using Multimodal.Inference.Media;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Testing;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Commands.Gate;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A models folder of the previous build.</summary>
public sealed class ModelsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>When recording, run this test first.</summary>
    [Fact]
    public async Task Folder_OfThePreviousBuild_HasNoProblems()
    {
        if (Recorded.IsRecording)
        {
            await ModelsRecording.WriteAsync();
        }

        Assert.Empty(EnsembleFolder.Check(Recorded.At("models", "tiny"), new MediaOptions()));
    }

    /// <summary>The previous build wrote the states of the bundled ensemble too.</summary>
    [Fact]
    public void States_ReadAndWritten_AreTheSameBytes()
    {
        var folders = new[] { Recorded.At("models", "tiny"), RepositoryFiles.At("models", "digits") };
        var (gates, combiners) = (Files("gate*.json"), Files("combiner*.json"));

        Assert.Equal((3, 3), (gates.Length, combiners.Length));
        Assert.All(gates, gate => Assert.Equal(gate, GateState.FromJson(gate).ToJson()));
        Assert.All(combiners, combiner => Assert.Equal(combiner, CombinerState.FromJson(combiner).ToJson()));

        string[] Files(string pattern) => [.. folders.SelectMany(folder => Directory.GetFiles(folder, pattern)).Select(File.ReadAllText)];
    }

    /// <summary>The experts give the same opinions, and a recording that the previous build began can be continued.</summary>
    [Fact]
    public async Task Record_TheSameData_GivesTheSameAndContinues()
    {
        Recorded.Copy(_folder.Path, "training");
        var recorded = _folder.At("recorded.jsonl");
        var all = await File.ReadAllLinesAsync(recorded);

        await File.WriteAllLinesAsync(recorded, all[..^4]);
        Assert.Equal(0, await RecordAsync(recorded));
        Assert.Equal(all[..^4], (await File.ReadAllLinesAsync(recorded))[..^4]);

        File.Delete(recorded);
        Assert.Equal(0, await RecordAsync(recorded));
        var again = await File.ReadAllLinesAsync(recorded);
        Assert.Equal(all[0], again[0]);
        Assert.All(
            all.Zip(again.Take(1).Concat(again.Skip(1).Order(StringComparer.Ordinal))),
            pair => Assert.Empty(JsonDifference.Between(pair.First, pair.Second)));
    }

    [Fact]
    public async Task Tool_PromotesAndRemovesVersionsOfThePreviousBuild()
    {
        Recorded.Copy(_folder.At("tiny"), "models", "tiny");

        Assert.Equal(0, await GateAsync("promote", "2"));
        Assert.Equal(0, await GateAsync("remove", "1"));

        Assert.Equal(["2"], EnsembleFolder.Load(_folder.At("tiny"), new MediaOptions(), [])!.Versions.Select(version => version.Name));
    }

    private Task<int> GateAsync(string verb, string version) =>
        GateCommand.Create().Parse([verb, version, "--ensemble", _folder.At("tiny")]).InvokeAsync();

    private Task<int> RecordAsync(string recorded) => RecordCommand.Create()
        .Parse(["--ensemble", Recorded.At("models", "tiny"), "--data", _folder.At("data.jsonl"), "--out", recorded]).InvokeAsync();
}
