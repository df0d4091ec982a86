using System.CommandLine;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Testing;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Commands.Experts;

namespace Multimodal.Tool.Tests.Commands;

/// <summary>Adds an expert and trains a version, with real experts and files.</summary>
public sealed class GrowthCommandTests : IDisposable
{
    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    private readonly ScratchFolder _folder = new();

    private string Folder => _folder.At("digits");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Experts_AddInShadowThenPromote_NeedsLabelsOnceAndKeepsTheOtherRow()
    {
        Write("text-words");
        CopyExpert("text-numerals");
        var before = await GateAsync();
        Assert.Equal(1, await ExpertsAsync("add", "text-numerals"));

        Assert.Equal(0, await ExpertsAsync("add", "text-numerals", "--shadow", "0.5"));
        var shadowed = Load();
        Assert.Equal([null, 0.5], shadowed.Package.Experts.Select(expert => expert.ShadowShare));
        Assert.Equal(["text-words"], shadowed.Gate.Experts);

        Assert.Equal(1, await ExpertsAsync("promote", "text-numerals"));
        Assert.Equal(["text-words"], Load().Gate.Experts);
        Assert.Equal(0, await ExpertsAsync("promote", "text-numerals", "--data", Data()));
        Assert.Equal(["text-words", "text-numerals"], Load().Gate.Experts);
        Assert.Equal(before.Weights[0], (await GateAsync()).Weights[0]);

        // Moved back to shadow, the expert is not in the loaded gate, but its row remains in the file.
        Assert.Equal(0, await ExpertsAsync("shadow", "text-numerals"));
        Assert.Equal(["text-words"], Load().Gate.Experts);
        Assert.Equal(["text-words", "text-numerals"], (await GateAsync()).Experts);
        Assert.Equal(0, await ExpertsAsync("promote", "text-numerals"));
        Assert.Equal(0, await ExpertsAsync("remove", "text-numerals"));
        Assert.Equal(["text-words"], Load().Package.Experts.Select(expert => expert.Package.Name));
        Assert.Equal(1, await ExpertsAsync("shadow", "text-words"));
    }

    [Fact]
    public async Task Train_Canary_WritesAVersionBesideThePromotedOne()
    {
        Write("text-words", "text-numerals");
        var before = await File.ReadAllTextAsync(Path.Combine(Folder, "gate.json"));
        var recorded = new FileInfo(_folder.At("recorded.jsonl"));
        await RecordCommand.RunAsync(new DirectoryInfo(Folder), new FileInfo(Data()), recorded, new MediaOptions(), CancellationToken.None);

        Assert.Equal(0, await TrainAsync(recorded, "4", "--canary", "0.1"));

        Assert.Equal(["untrained", "4"], Load().Versions.Select(version => version.Name));
        Assert.Equal([0.9, 0.1], Load().Versions.Select(version => version.Share));
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Folder, "gate.json")));
        Assert.Equal(1, await TrainAsync(recorded, "4", "--canary", "0.1"));
        Assert.Equal(1, await TrainAsync(recorded, "untrained", "--canary", "0.1"));
        Assert.Equal(0, await TrainAsync(recorded, "5"));
        Assert.Equal(["5", "4"], Load().Versions.Select(version => version.Name));
    }

    [Fact]
    public async Task Train_NoVersionGiven_TakesTheNextFreeNumber()
    {
        Write("text-words", "text-numerals");
        var recorded = new FileInfo(_folder.At("recorded.jsonl"));
        await RecordCommand.RunAsync(new DirectoryInfo(Folder), new FileInfo(Data()), recorded, new MediaOptions(), CancellationToken.None);

        Assert.Equal(0, await TrainAsync(recorded, null));
        Assert.Equal(["1"], Load().Versions.Select(version => version.Name));
        Assert.Equal(0, await TrainAsync(recorded, null));
        Assert.Equal(["2"], Load().Versions.Select(version => version.Name));
        Assert.Equal(0, await TrainAsync(recorded, "9", "--canary", "0"));
        Assert.Equal(0, await TrainAsync(recorded, "10-slim", "--canary", "0"));
        Assert.Equal(0, await TrainAsync(recorded, null, "--canary", "0"));
        Assert.Equal(["2", "9", "10-slim", "10"], Load().Versions.Select(version => version.Name));
    }

    [Fact]
    public async Task Check_CombinerOfAnotherVersion_IsAProblem()
    {
        Write("text-words");
        var combiner = Path.Combine(Folder, "combiner.json");
        Assert.Empty(EnsembleFolder.Check(Folder, new MediaOptions()));

        // Like an interrupted copy: the new gate with the old combiner.
        await File.WriteAllTextAsync(combiner, (CombinerState.FromJson(await File.ReadAllTextAsync(combiner)) with { Version = "older" }).ToJson());

        var problem = Assert.Single(EnsembleFolder.Check(Folder, new MediaOptions()));
        Assert.Equal((combiner, "version"), (problem.File, problem.Key));
        Assert.Contains("'older'", problem.Problem, StringComparison.Ordinal);
        Assert.Contains("'untrained'", problem.Problem, StringComparison.Ordinal);
    }

    private void Write(params string[] experts) => UntrainedEnsemble.Write(_folder.Path, RepositoryFiles.At("models", "digits"), experts);

    private void CopyExpert(string name)
    {
        Directory.CreateDirectory(Path.Combine(Folder, name));
        foreach (var file in new[] { "expert.json", "model.onnx" })
        {
            File.Copy(RepositoryFiles.At("models", "digits", name, file), Path.Combine(Folder, name, file));
        }
    }

    private string Data()
    {
        var file = _folder.At("data.jsonl");
        File.WriteAllLines(file, Enumerable.Range(0, 40).Select(i => JsonSerializer.Serialize(new
        {
            id = $"row-{i}",
            label = $"{i % 10}",
            text = i < 20 ? Words[i % 10] : $"no. {i % 10}",
        })));
        return file;
    }

    private Ensemble Load() => EnsembleFolder.Load(Folder, new MediaOptions(), []) ?? throw new InvalidOperationException("The ensemble cannot be loaded.");

    private async Task<GateState> GateAsync() => GateState.FromJson(await File.ReadAllTextAsync(Path.Combine(Folder, "gate.json")));

    private Task<int> ExpertsAsync(params string[] arguments) => ExpertsCommand.Create().Parse([.. arguments, "--ensemble", Folder]).InvokeAsync();

    [Fact]
    public async Task Train_Committee_WritesAVersionThatLoads()
    {
        Write("text-words", "text-numerals");
        var recorded = new FileInfo(_folder.At("recorded.jsonl"));
        await RecordCommand.RunAsync(new DirectoryInfo(Folder), new FileInfo(Data()), recorded, new MediaOptions(), CancellationToken.None);

        Assert.Equal(0, await TrainAsync(recorded, "4", "--committee", "3", "--hidden", "2"));
        Assert.Equal(["4"], Load().Versions.Select(version => version.Name));
        Assert.Equal(6, (await GateAsync()).Hidden!.Bias.Count);

        var before = await File.ReadAllTextAsync(Path.Combine(Folder, "gate.json"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--committee", "1"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--committee", "2", "--held-out", "0.3"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--committee", "100000"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--committee", "2", "--gate", "laplace"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--committee", "2", "--hidden", "600"));
        Assert.NotEqual(0, await TrainAsync(recorded, "5", "--gate", "laplace", "--hidden", "3"));
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Folder, "gate.json")));
    }

    private Task<int> TrainAsync(FileInfo recorded, string? version, params string[] arguments) => TrainCommand.Create()
        .Parse(["--ensemble", Folder, "--recorded", recorded.FullName, "--epochs", "2", .. version is null ? [] : new[] { "--gate-version", version }, .. arguments])
        .InvokeAsync();
}
