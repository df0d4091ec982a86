using System.Diagnostics;
using Multimodal.Bench.Crash;
using Multimodal.Testing;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Services;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The short form of <c>make crash</c>: a real process with real experts, killed while it works.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly string Digits = RepositoryFiles.At("models", "digits");
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_TwiceWhileServing_LosesAndRepeatsNothing()
    {
        UntrainedEnsemble.Write(_folder.At("models"), Digits, "text-words", "text-numerals");
        await using var service = new ServiceProcess(ServiceProcess.DefaultDll(), _folder.At("data"), TimeProvider.System, _folder.At("models"));

        // The long text is stored in the blob folder.
        LoadSample[] samples = [new("seven", null, null), new("no. 4", null, null), new(new string(' ', 6000) + "three", null, null)];
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        var outcome = await new CrashRun(service, samples, _folder.At("data"), TimeProvider.System).RunAsync(60, 2, (_, _) => { }, limit.Token);

        Assert.Equal((60, 2, 0, 0, 0), (outcome.Accepted, outcome.Killed, outcome.Lost, outcome.Duplicated, outcome.PayloadsLeft));
    }

    [Fact]
    public async Task Start_BrokenModels_EndsWithCodeOneAndNamesAllMistakes()
    {
        UntrainedEnsemble.Write(_folder.At("models"), Digits, "text-words");
        File.Delete(_folder.At("models", "digits", "gate.json"));
        await File.WriteAllTextAsync(_folder.At("models", "digits", "combiner.json"), "{}");

        var (code, output) = await RunAsync(("Multimodal__ModelsFolder", _folder.At("models")));

        Assert.Equal(1, code);
        Assert.Contains("gate.json", output, StringComparison.Ordinal);
        Assert.Contains("combiner.json", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownLearnerAndLoss_NamesBothAndWhatThereIs()
    {
        UntrainedEnsemble.Write(_folder.At("models"), Digits, "text-words");
        var manifest = _folder.At("models", "digits", "ensemble.json");
        await File.WriteAllTextAsync(
            manifest, (await File.ReadAllTextAsync(manifest)).TrimEnd('}', '\n') + """}, "online": { "learner": "slow-share", "loss": "zero-one" } }""");

        var (code, output) = await RunAsync(("Multimodal__ModelsFolder", _folder.At("models")));

        Assert.Equal(1, code);
        Assert.Contains("online.learner", output, StringComparison.Ordinal);
        Assert.Contains("'slow-share' is not known; known are boa, fixed-share, hedge, ml-poly, moe-f", output, StringComparison.Ordinal);
        Assert.Contains("'zero-one' is not known; known are brier, log", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongSettings_EndsAndNamesAllMistakes()
    {
        var (code, output) = await RunAsync(("Multimodal__Gateway__MaxInFlight", "0"), ("Multimodal__Gatway__MaxInFlight", "1"));

        Assert.NotEqual(0, code);
        Assert.Contains("MaxInFlight", output, StringComparison.Ordinal);
        Assert.Contains("Gatway", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(ServiceProcess.DefaultDll());
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        start.Environment["Multimodal__DataFolder"] = _folder.At("data");
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
