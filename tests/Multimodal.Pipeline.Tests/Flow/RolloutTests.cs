using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;
using Multimodal.Tool.Commands.Experts;
using Multimodal.Tool.Commands.Gate;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Rollout of versions of gate and combiner, and of shadow experts, while the service runs.</summary>
public sealed class RolloutTests : IDisposable
{
    private const int MaxPolls = 3000;
    private readonly ScratchFolder _data = new();
    private readonly ScratchFolder _models = new();

    private string Digits => _models.At("digits");

    public void Dispose()
    {
        _data.Dispose();
        _models.Dispose();
    }

    [Fact]
    public async Task Gate_CanaryAndReturn_AnswersFollowAndNothingFails()
    {
        Copy();
        await using var host = await StartAsync();
        var promoted = (await AskAsync(host)).Json.GetProperty("gate").GetProperty("version").GetString()!;

        // Requests arrive during the whole rollout. Only the version in their answers may change.
        using var enough = new CancellationTokenSource();
        var stream = StreamAsync(host, enough.Token);
        await AddVersionAsync("canary-test", share: 1);
        var canary = await UntilVersionAsync(host, "canary-test");
        Assert.Equal(0, await GateAsync("return"));
        await UntilVersionAsync(host, promoted);
        await enough.CancelAsync();
        var streamed = await stream;

        Assert.NotEmpty(streamed);
        Assert.All(streamed, reply => Assert.Equal((200, "completed"), (reply.Status, reply.Text("status"))));
        Assert.All(streamed, reply => Assert.Equal(
            reply.Json.GetProperty("gate").GetProperty("version").GetString(), reply.Json.GetProperty("fusion").GetProperty("version").GetString()));
        await host.Http.FeedbackAsync(canary.Id, new { label = "7" });
        var versions = (await host.Http.ReadAsync("v1/ensembles/digits")).Json.GetProperty("versions").EnumerateArray().ToArray();
        Assert.Equal([promoted, "canary-test"], versions.Select(version => version.GetProperty("version").GetString()));
        Assert.Equal([1.0, 0.0], versions.Select(version => version.GetProperty("share").GetDouble()));
        Assert.All(versions, version => Assert.True(version.GetProperty("answers").GetInt64() > 0));
        Assert.Equal((1, 1), (versions[1].GetProperty("feedbacks").GetInt64(), versions[1].GetProperty("right").GetInt64()));
        Assert.InRange(versions[1].GetProperty("confidence").GetDouble(), 0.1, 1);
    }

    [Fact]
    public async Task Post_VersionForced_IsDecidedByItAndUnknownOnesAreRefused()
    {
        Copy();
        await AddVersionAsync("next", share: 0);
        await using var host = await StartAsync();

        var forced = await host.Http.PostAsync("it looks like a seven", options: """{"gateVersion": "next"}""");
        var unknown = await host.Http.PostAsync("it looks like a seven", options: """{"gateVersion": "none"}""");

        Assert.Equal("next", forced.Json.GetProperty("gate").GetProperty("version").GetString());
        Assert.NotEqual("next", (await AskAsync(host)).Json.GetProperty("gate").GetProperty("version").GetString());
        Assert.Equal((400, "invalid-options"), (unknown.Status, unknown.Code));
        Assert.Contains(", next", unknown.Json.GetProperty("errors").GetProperty("options.gateVersion").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_InvalidChange_IsNotTakenAndTheNextGoodOneIs()
    {
        Copy();
        await using var host = await StartAsync(watchSeconds: "0");
        var (watch, catalog) = (host.Get<EnsembleWatcher>(), host.Get<EnsembleCatalog>());
        var before = catalog["digits"];

        var file = Path.Combine(Digits, "ensemble.json");
        var good = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, good.Replace("\"gate.json\"", "\"nowhere.json\"", StringComparison.Ordinal));
        Assert.False(watch.Poll());
        Assert.False(watch.Poll());
        Assert.Same(before, catalog["digits"]);
        Assert.Equal(200, (await AskAsync(host)).Status);

        await File.WriteAllTextAsync(file, good.Replace("1.0.0", "1.0.1", StringComparison.Ordinal));
        Assert.False(watch.Poll());
        Assert.True(watch.Poll());
        Assert.False(watch.Poll());
        Assert.Equal("1.0.1", catalog["digits"].Package.Version);
    }

    [Fact]
    public async Task Experts_ShadowAndPromote_MoveAServedExpertOutAndIn()
    {
        Copy();
        await using var host = await StartAsync();
        var state = await File.ReadAllTextAsync(Path.Combine(Digits, "gate.json"));
        var text = """{"strategy": "soft"}""";
        Assert.False((await host.Http.PostAsync("seven", options: text)).Expert("text-numerals").GetProperty("shadow").GetBoolean());

        Assert.Equal(0, await ExpertsAsync("shadow", "text-numerals", "--share", "1"));
        var reply = await UntilAsync(host, text, reply => reply.Expert("text-numerals").GetProperty("shadow").GetBoolean());
        Assert.Equal(("completed", 0), (reply.Text("status"), reply.Expert("text-numerals").GetProperty("weight").GetDouble()));
        Assert.Equal(1, reply.Expert("text-words").GetProperty("weight").GetDouble(), 9);

        Assert.Equal(0, await ExpertsAsync("promote", "text-numerals"));
        await UntilAsync(host, text, reply => !reply.Expert("text-numerals").GetProperty("shadow").GetBoolean());
        Assert.Equal(state, await File.ReadAllTextAsync(Path.Combine(Digits, "gate.json")));
    }

    [Fact]
    public async Task Gate_Commands_ChangeNothingThatIsWrong()
    {
        Copy();
        await AddVersionAsync("next", share: 0.1);
        var shipped = Load().Gate.Version;
        var file = Path.Combine(Digits, "ensemble.json");
        var before = await File.ReadAllTextAsync(file);

        Assert.Equal(1, await GateAsync("canary", "next", "1.5"));
        Assert.Equal(1, await GateAsync("canary", "none", "0.5"));
        Assert.Equal(1, await GateAsync("promote", "none"));
        Assert.Equal(1, await GateAsync("remove", shipped));
        Assert.Equal(1, await ExpertsAsync("remove", "text-words"));
        Assert.Equal(1, await ExpertsAsync("promote", "text-words"));
        Assert.Equal(before, await File.ReadAllTextAsync(file));

        Assert.Equal(0, await GateAsync("promote", "next"));
        Assert.Equal(["next", shipped], Load().Versions.Select(version => version.Name));
        Assert.Equal([1, 0], Load().Versions.Select(version => version.Share));
        Assert.Equal(0, await GateAsync("return", shipped));
        Assert.Equal([shipped, "next"], Load().Versions.Select(version => version.Name));
        Assert.Equal(0, await GateAsync("canary", "next", "0.25"));
        Assert.Equal([0.75, 0.25], Load().Versions.Select(version => version.Share));
        Assert.Equal(0, await GateAsync("remove", "next"));
        Assert.Equal([shipped], Load().Versions.Select(version => version.Name));
    }

    [Fact]
    public void Load_VersionsThatDoNotFit_AreReportedAtTheirFiles()
    {
        Copy();
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Digits, "ensemble.json")))!.AsObject();
        json["shadow"] = new JsonObject { ["audio-dtmf"] = 1 };
        json["versions"] = new JsonArray(
            new JsonObject { ["name"] = Load().Gate.Version, ["gate"] = "gate.json", ["combiner"] = "combiner.json", ["share"] = 0 },
            new JsonObject { ["name"] = "9", ["gate"] = "gate.json", ["combiner"] = "absent.json", ["share"] = 0 });
        File.WriteAllText(Path.Combine(Digits, "ensemble.json"), json.ToJsonString());

        var problems = EnsembleFolder.Check(Digits, new Multimodal.Inference.Media.MediaOptions());

        Assert.Equal(
            ["$ absent.json", "version gate.json", "versions[0].name ensemble.json"],
            problems.Select(problem => $"{problem.Key} {Path.GetFileName(problem.File)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Stamp_FileBehindLinksChanges_Changes()
    {
        // Like a ConfigMap that Kubernetes mounts: a link through a link to a folder that is replaced.
        foreach (var (folder, text) in new[] { ("first", "1"), ("second", "22") })
        {
            Directory.CreateDirectory(_data.At(folder));
            File.WriteAllText(_data.At(folder, "ensemble.json"), text);
        }

        Directory.CreateDirectory(Digits);
        Directory.CreateSymbolicLink(_models.At("digits", "..data"), _data.At("first"));
        File.CreateSymbolicLink(_models.At("digits", "ensemble.json"), Path.Combine("..data", "ensemble.json"));
        var before = EnsembleFolder.Stamp(_models.Path);
        Assert.Equal(before, EnsembleFolder.Stamp(_models.Path));

        Directory.Delete(_models.At("digits", "..data"));
        Directory.CreateSymbolicLink(_models.At("digits", "..data"), _data.At("second"));

        Assert.NotEqual(before, EnsembleFolder.Stamp(_models.Path));
    }

    [Fact]
    public async Task Watch_ExpertAdded_ServesOnWithoutItUntilARestart()
    {
        Copy();
        var file = Path.Combine(Digits, "ensemble.json");
        Assert.Equal(0, await ExpertsAsync("shadow", "vision-printed"));
        var whole = await File.ReadAllTextAsync(file);
        Assert.Equal(0, await ExpertsAsync("remove", "vision-printed"));
        await using var host = await StartAsync();
        Assert.Equal(5, (await AskAsync(host)).Json.GetProperty("experts").GetArrayLength());

        await File.WriteAllTextAsync(file, whole);

        var reply = await UntilAsync(host, "{}", reply => reply.Json.GetProperty("experts").GetArrayLength() == 6);
        Assert.True(reply.Expert("vision-printed").GetProperty("shadow").GetBoolean());
        Assert.Equal("skipped", reply.StateOf("vision-printed"));
        var experts = (await host.Http.ReadAsync("v1/experts")).Json.EnumerateArray();
        Assert.Equal(0, experts.Single(expert => expert.GetProperty("name").GetString() == "vision-printed").GetProperty("workers").GetInt32());
    }

    [Fact]
    public async Task Fuse_UnknownVersion_IsFusedByThePromotedOneAndReported()
    {
        var ensemble = new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)]);
        await using var host = await PipelineHost.StartAsync(_data.Path, ensemble);
        var model = JsonSerializer.Deserialize<Fuse>(await FuseOfAsync(host), JsonFormat.Options)!;
        var now = TimeProvider.System.GetUtcNow();
        var fuse = model with
        {
            RequestId = Guid.CreateVersion7(now),
            Plan = model.Plan with { GateVersion = "of tomorrow" },
            AcceptedAt = now,
            Deadline = now.AddSeconds(30),
        };

        Assert.True(await host.Get<RequestStore>().AddAsync(fuse, null, "print"));
        await host.Get<FuseSender>().SendAsync(fuse);
        var reply = await host.Http.ReadAsync($"v1/requests/{fuse.RequestId}", wait: 30);

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal("of tomorrow", reply.Json.GetProperty("gate").GetProperty("version").GetString());
        Assert.Equal("scripted", reply.Json.GetProperty("fusion").GetProperty("version").GetString());
        Assert.DoesNotContain(await host.Get<RolloutRecord>().VersionsAsync("default", "digits", ["of tomorrow"], default), version => version.Version == "of tomorrow");
        var scraped = await host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("multimodal_gate_answers_total{ensemble=\"digits\",gate=\"scripted\"}", scraped, StringComparison.Ordinal);
        Assert.DoesNotContain("of tomorrow", scraped, StringComparison.Ordinal);
    }

    private static async Task<string> FuseOfAsync(PipelineHost host)
    {
        var posted = await host.Http.PostAsync("zero");
        return (await host.Get<RequestStore>().FindAsync("default", Guid.Parse(posted.Id), default))!.FuseJson;
    }

    private void Copy()
    {
        foreach (var file in Directory.GetFiles(RepositoryFiles.At("models", "digits"), "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) is "model.onnx" or "expert.json" or "ensemble.json" or "gate.json" or "combiner.json")
            {
                var copy = Path.Combine(Digits, Path.GetRelativePath(RepositoryFiles.At("models", "digits"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    /// <summary>The bundled gate with other weights, and the bundled combiner under the same version name.</summary>
    private async Task AddVersionAsync(string version, double share)
    {
        var (gate, combiner) = (_data.At("new-gate.json"), _data.At("new-combiner.json"));
        var state = GateState.FromJson(await File.ReadAllTextAsync(Path.Combine(Digits, "gate.json")));
        await File.WriteAllTextAsync(gate, (state with { Bias = [.. state.Bias.Select(bias => bias + 0.125)] }).ToJson());
        await File.WriteAllTextAsync(combiner, CombinerState.FromJson(await File.ReadAllTextAsync(Path.Combine(Digits, "combiner.json"))).ToJson());
        Assert.Equal(0, await GateAsync(
            "add", "--gate", gate, "--combiner", combiner, "--gate-version", version, "--share", share.ToString(CultureInfo.InvariantCulture)));
    }

    private Ensemble Load()
    {
        var ensemble = EnsembleFolder.Load(Digits, new Multimodal.Inference.Media.MediaOptions(), []);
        return ensemble ?? throw new InvalidOperationException("The ensemble cannot be loaded.");
    }

    private Task<int> GateAsync(params string[] arguments) => GateCommand.Create().Parse([.. arguments, "--ensemble", Digits]).InvokeAsync();

    private Task<int> ExpertsAsync(params string[] arguments) => ExpertsCommand.Create().Parse([.. arguments, "--ensemble", Digits]).InvokeAsync();

    private Task<PipelineHost> StartAsync(string watchSeconds = "0.05") => PipelineHost.StartAsync(
        _data.Path, [("Multimodal:ModelsFolder", _models.Path), ("Multimodal:Ensembles:WatchSeconds", watchSeconds)]);

    private static Task<Reply> AskAsync(PipelineHost host) => host.Http.PostAsync("it looks like a seven");

    private static async Task<List<Reply>> StreamAsync(PipelineHost host, CancellationToken enough)
    {
        var replies = new List<Reply>();
        while (!enough.IsCancellationRequested)
        {
            replies.Add(await AskAsync(host));
        }

        return replies;
    }

    private static Task<Reply> UntilVersionAsync(PipelineHost host, string version) =>
        UntilAsync(host, "{}", reply => reply.Json.GetProperty("gate").GetProperty("version").GetString() == version);

    private static async Task<Reply> UntilAsync(PipelineHost host, string options, Func<Reply, bool> condition)
    {
        for (var poll = 0; poll < MaxPolls; poll++)
        {
            var reply = await host.Http.PostAsync("it looks like a seven", options: options);
            Assert.Equal((200, "completed"), (reply.Status, reply.Text("status")));
            if (condition(reply))
            {
                return reply;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new InvalidOperationException("The change was not taken up.");
    }
}
