using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Answers for different behaviours of the experts.</summary>
public abstract class AnswerScenarios(TestTransport transport) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_AllAnswer_FusesAndExplains()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.2, 0.7, 0.1));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("wait=30", reply.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("completed", reply.Text("status"));
        Assert.Equal("0", reply.Text("label"));
        Assert.Equal(0.5, reply.Json.GetProperty("confidence").GetDouble(), 9);
        Assert.Equal(["0", "1", "2"], reply.Json.GetProperty("scores").EnumerateArray().Select(score => score.GetProperty("label").GetString()));
        Assert.Equal(1, reply.Json.GetProperty("scores").EnumerateArray().Sum(score => score.GetProperty("score").GetDouble()), 9);
        var expert = reply.Expert("a");
        Assert.Equal("answered", expert.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, expert.GetProperty("reason").ValueKind);
        Assert.Equal(0.5, expert.GetProperty("weight").GetDouble(), 9);
        Assert.Equal("1", expert.GetProperty("without").GetProperty("label").GetString());
        Assert.Equal(0.7, expert.GetProperty("without").GetProperty("score").GetDouble(), 9);
        Assert.Equal(2, expert.GetProperty("timings").GetProperty("inferenceMs").GetDouble());
        Assert.Equal("cpu", expert.GetProperty("device").GetString());
        Assert.Equal("soft", reply.Json.GetProperty("gate").GetProperty("strategy").GetString());
        Assert.Equal("linear", reply.Json.GetProperty("fusion").GetProperty("rule").GetString());
        Assert.True(reply.Json.GetProperty("timings").GetProperty("totalMs").GetDouble() > 0);
    }

    [Fact]
    public async Task Post_SingleOpinion_HasNoWithout()
    {
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal(JsonValueKind.Null, reply.Expert("a").GetProperty("without").ValueKind);
        Assert.Equal(1, reply.Expert("a").GetProperty("weight").GetDouble(), 9);
    }

    [Fact]
    public async Task Post_OneDeclines_IsPartialWithTheReason()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Declines("b", Modality.Text, DeclineReason.BadInput));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal("partial", reply.Text("status"));
        Assert.Equal("0", reply.Text("label"));
        Assert.Equal(("declined", "bad-input"), (reply.StateOf("b"), reply.ReasonOf("b")));
        Assert.Equal(0, reply.Expert("b").GetProperty("weight").GetDouble());
    }

    [Fact]
    public async Task Post_OneFails_IsDeclinedAsModelFailed()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Throws("b", Modality.Text));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal("partial", reply.Text("status"));
        Assert.Equal(("declined", "model-failed"), (reply.StateOf("b"), reply.ReasonOf("b")));
    }

    [Fact]
    public async Task Post_OpinionNotFinite_IsDeclinedAsModelFailed()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 1, 0, 0));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal("partial", reply.Text("status"));
        Assert.Equal(("declined", "model-failed"), (reply.StateOf("b"), reply.ReasonOf("b")));
    }

    [Fact]
    public async Task Post_SomeFailInWaysOfTheirOwn_AreDeclinedAtOnce()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1),
            ScriptedExpert.Answers("b", Modality.Text, 0.5, 0.5),
            new ScriptedExpert("c", Modality.Text, (_, _) => throw new TaskCanceledException("As a call that took too long.")));

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal("0", reply.Text("label"));
        Assert.Equal(("declined", "model-failed"), (reply.StateOf("b"), reply.ReasonOf("b")));
        Assert.Equal(("declined", "model-failed"), (reply.StateOf("c"), reply.ReasonOf("c")));
    }

    [Fact]
    public async Task Post_OneIsLate_AnswersAtTheDeadlineWithoutIt()
    {
        var never = new TaskCompletionSource();
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Waits("b", Modality.Text, never.Task, 0.1, 0.8, 0.1));

        var reply = await host.Http.PostAsync("zero", options: """{"deadlineMs": 2000}""");
        never.SetResult();

        Assert.Equal(("partial", "0", "late"), (reply.Text("status"), reply.Text("label"), reply.StateOf("b")));
    }

    /// <summary>If no expert could be asked before the deadline, the request is sent again instead of answered without opinions.</summary>
    [Fact]
    public async Task Post_WaitsForTheCombinerBeyondItsDeadline_IsAnsweredLateRatherThanFailed()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(
            new ScriptedEnsemble(
            [
                new ScriptedExpert("a", Modality.Text, async (media, cancel) =>
                {
                    await (media.Span.SequenceEqual("first"u8) ? release.Task.WaitAsync(cancel) : Task.CompletedTask);
                    return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
                }),
            ]),
            ("Multimodal:Combiner:Concurrency", "1"), ("Multimodal:Store:WatchdogSeconds", "0.2"), ("Multimodal:Store:GraceSeconds", "0.2"), ("Multimodal:Store:MaxSends", "1000"));
        await host.Http.PostAsync("first", wait: null);

        var second = await host.Http.PostAsync("second", options: """{"deadlineMs": 500}""", wait: null);
        while (await host.Get<RequestStore>().FindAsync("default", Guid.Parse(second.Text("id")!), default) is not { Sends: > 1 })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        release.SetResult();

        Assert.Equal("completed", (await host.Http.ReadAsync(second.Text("href")!, wait: 30)).Text("status"));
    }

    [Fact]
    public async Task Post_LowPriority_IsAnswered()
    {
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));

        Assert.Equal("completed", (await host.Http.PostAsync("zero", options: """{"priority": "low"}""")).Text("status"));
        var unknown = await host.Http.PostAsync("zero", options: """{"priority": "urgent"}""");
        Assert.Equal((400, "must be normal or low"), (unknown.Status, unknown.Json.GetProperty("errors").GetProperty("options.priority").GetString()));
    }

    [Fact]
    public async Task Post_WavesAndConfident_AsksNoOther()
    {
        var second = ScriptedExpert.Answers("b", Modality.Text, 0.1, 0.8, 0.1);
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.98, 0.01, 0.01), second);

        var reply = await host.Http.PostAsync("zero", options: """{"strategy": "waves"}""");

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal(("skipped", "not-worthwhile", 0), (reply.StateOf("b"), reply.ReasonOf("b"), second.Asked));
    }

    [Fact]
    public async Task Post_WavesAndUnsure_AsksForASecondOpinion()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.5, 0.4, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.1, 0.8, 0.1));

        var reply = await host.Http.PostAsync("zero", options: """{"strategy": "waves"}""");

        Assert.Equal(("completed", "1"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal(("answered", "answered"), (reply.StateOf("a"), reply.StateOf("b")));
    }

    [Fact]
    public async Task Post_WavesAtAProhibitivePrice_AsksOne()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.5, 0.4, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.1, 0.8, 0.1));

        var reply = await host.Http.PostAsync("zero", options: """{"strategy": "waves", "price": 1}""");

        Assert.Equal(("completed", "0", "not-worthwhile"), (reply.Text("status"), reply.Text("label"), reply.ReasonOf("b")));
    }

    [Fact]
    public async Task Post_WavesAndTheFirstDoesNotReply_ItsSiblingIsAsked()
    {
        var never = new TaskCompletionSource();
        await using var host = await StartAsync(
            ScriptedExpert.Waits("a", Modality.Text, never.Task, 0.8, 0.1, 0.1),
            ScriptedExpert.Answers("b", Modality.Text, 0.01, 0.98, 0.01));

        var reply = await host.Http.PostAsync("one", options: """{"strategy": "waves", "deadlineMs": 8000}""");
        never.SetResult();

        Assert.Equal(("completed", "1"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal(("skipped", "stopped-early"), (reply.StateOf("a"), reply.ReasonOf("a")));
        Assert.InRange(reply.Json.GetProperty("timings").GetProperty("totalMs").GetDouble(), 0, 7999);
    }

    [Fact]
    public async Task Post_OutstandingCannotChangeTheLabel_DoesNotWait()
    {
        var never = new TaskCompletionSource();
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.98, 0.01, 0.01),
            ScriptedExpert.Answers("b", Modality.Text, 0.98, 0.01, 0.01),
            ScriptedExpert.Waits("c", Modality.Text, never.Task, 0.1, 0.8, 0.1));

        var reply = await host.Http.PostAsync("zero");
        never.SetResult();

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal(("skipped", "stopped-early"), (reply.StateOf("c"), reply.ReasonOf("c")));
    }

    [Fact]
    public async Task Post_AllLate_IsFailedAndNamesEveryExpert()
    {
        var never = new TaskCompletionSource();
        await using var host = await StartAsync(
            ScriptedExpert.Waits("a", Modality.Text, never.Task, 0.8, 0.1, 0.1), ScriptedExpert.Declines("b", Modality.Text, DeclineReason.Overloaded));

        var reply = await host.Http.PostAsync("zero", options: """{"deadlineMs": 2000}""");
        never.SetResult();

        Assert.Equal("failed", reply.Text("status"));
        Assert.Null(reply.Text("label"));
        Assert.Equal(0, reply.Json.GetProperty("scores").GetArrayLength());
        Assert.Equal(("late", "declined", "overloaded"), (reply.StateOf("a"), reply.StateOf("b"), reply.ReasonOf("b")));
    }

    [Fact]
    public async Task Post_PartsMissing_SkipsTheirExperts()
    {
        var vision = ScriptedExpert.Answers("b", Modality.Image, 0.8, 0.1, 0.1);
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), vision);

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal("completed", reply.Text("status"));
        Assert.Equal(("skipped", "absent-modality"), (reply.StateOf("b"), reply.ReasonOf("b")));
        Assert.Equal(0, vision.Asked);
    }

    [Fact]
    public async Task Post_TopOne_AsksOnlyTheBest()
    {
        var (good, poor) = (
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.1, 0.8, 0.1));
        await using var host = await StartAsync(new ScriptedEnsemble([good, poor], [1, 0]));

        var reply = await host.Http.PostAsync("zero", options: """{"strategy": "top-k", "k": 1, "fusion": "log"}""");

        Assert.Equal(("skipped", "not-chosen", 0), (reply.StateOf("b"), reply.ReasonOf("b"), poor.Asked));
        Assert.Equal(1, reply.Json.GetProperty("gate").GetProperty("k").GetInt32());
        Assert.Equal("log", reply.Json.GetProperty("fusion").GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Post_AllowList_MasksTheOthers()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.1, 0.8, 0.1));

        var reply = await host.Http.PostAsync("zero", options: """{"experts": ["b"]}""");

        Assert.Equal("1", reply.Text("label"));
        Assert.Equal(("skipped", "not-allowed"), (reply.StateOf("a"), reply.ReasonOf("a")));
    }

    [Fact]
    public async Task Post_EachMedium_ReachesItsExpertUnchanged()
    {
        var (image, audio) = (SampleMedia.Png(100), SampleMedia.Wav(4000));
        ScriptedExpert[] experts =
        [
            ScriptedExpert.Answers("t", Modality.Text, 0.5, 0.4, 0.1),
            ScriptedExpert.Answers("i", Modality.Image, 0.5, 0.4, 0.1),
            ScriptedExpert.Answers("s", Modality.Audio, 0.5, 0.4, 0.1),
        ];
        await using var host = await StartAsync(experts);

        var form = await host.Http.PostAsync("zéro", image, audio);
        var json = await host.Http.SendAsync(new StringContent(
            JsonSerializer.Serialize(new { text = "zéro", image, audio }), System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(("completed", "completed"), (form.Text("status"), json.Text("status")));
        Assert.All(experts[0].Media, media => Assert.Equal("zéro"u8.ToArray(), media));
        Assert.All(experts[1].Media, media => Assert.Equal(image, media));
        Assert.All(experts[2].Media, media => Assert.Equal(audio, media));
        Assert.Equal(2, experts[1].Asked);
    }

    [Fact]
    public async Task Post_LargePayload_IsInTheBlobFolderUntilTheAnswer()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync([ScriptedExpert.Waits("i", Modality.Image, release.Task, 0.8, 0.1, 0.1)], InFolder);

        var receipt = await host.Http.PostAsync(image: SampleMedia.Png(100), wait: null);
        var during = Directory.GetFiles(_folder.At("blobs"), "*", SearchOption.AllDirectories);
        release.SetResult();
        var reply = await host.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);

        Assert.Equal("image", Path.GetFileName(Assert.Single(during)));
        Assert.Equal("completed", reply.Text("status"));

        // The result is visible shortly before its payloads are deleted. Stopping the host waits for both.
        await host.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_folder.At("blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Post_PayloadChangedMeanwhile_IsDeclinedAsMediaGone()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var expert = new ScriptedExpert("i", Modality.Image, async (_, _) =>
        {
            busy.TrySetResult();
            await release.Task;
            return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
        });
        await using var host = await StartAsync([expert], ("Multimodal:Experts:Concurrency", "1"), InFolder);

        // The first request keeps the only worker busy while the test corrupts the payload of the second, which is still in the queue.
        var first = await host.Http.PostAsync(image: SampleMedia.Png(10), wait: null);
        await busy.Task;
        var second = await host.Http.PostAsync(image: SampleMedia.Png(100), wait: null);
        await File.WriteAllTextAsync(Directory.GetFiles(_folder.At("blobs"), "*", SearchOption.AllDirectories).Single(), "something else");

        // A worker in another process does not have the gateway's copy.
        host.Get<PartCache>().Remove(Guid.Parse(second.Id));
        release.SetResult();
        var good = await host.Http.ReadAsync($"v1/requests/{first.Id}", wait: 30);
        var bad = await host.Http.ReadAsync($"v1/requests/{second.Id}", wait: 30);

        Assert.Equal("completed", good.Text("status"));
        Assert.Equal(("failed", "declined", "media-gone"), (bad.Text("status"), bad.StateOf("i"), bad.ReasonOf("i")));
    }

    private static (string Key, string Value) InFolder => ("Multimodal:Blobs:LocalInlineBytes", "0");

    private Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) => StartAsync(new ScriptedEnsemble(experts));

    private Task<PipelineHost> StartAsync(IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        StartAsync(new ScriptedEnsemble(experts), settings);

    private async Task<PipelineHost> StartAsync(ScriptedEnsemble ensemble, params (string Key, string Value)[] settings) =>
        await PipelineHost.StartAsync(_folder.Path, ensemble, [.. await transport.SettingsAsync(), .. settings]);
}
