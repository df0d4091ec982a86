using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Shadow experts in a running service.</summary>
public abstract class ShadowScenarios(TestTransport transport) : IDisposable
{
    private static readonly Dictionary<string, double> All = new() { ["s"] = 1 };
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("linear", "soft")]
    [InlineData("log", "soft")]
    [InlineData("linear", "waves")]
    public async Task Post_ShadowDisagrees_IsReportedAndNothingMoves(string fusion, string strategy)
    {
        var options = $$"""{"fusion": "{{fusion}}", "strategy": "{{strategy}}"}""";
        ScriptedExpert[] counting = [ScriptedExpert.Answers("a", Modality.Text, 0.61, 0.28, 0.11), ScriptedExpert.Answers("b", Modality.Text, 0.3, 0.57, 0.13)];
        string[] before, after;
        await using (var host = await StartAsync(counting, null))
        {
            before = Bits(await host.Http.PostAsync("zero", options: options));
        }

        // In the middle of the list, so that the test does not depend on the order.
        var asked = new TaskCompletionSource();
        var shadow = new ScriptedExpert("s", Modality.Text, (_, _) =>
        {
            asked.TrySetResult();
            return Task.FromResult(ScriptedExpert.Opinion(0.001, 0.001, 0.998));
        });
        await using (var host = await StartAsync([counting[0], shadow, counting[1]], All))
        {
            var reply = await host.Http.PostAsync("zero", options: options);
            after = Bits(reply);
            Assert.True(reply.Expert("s").GetProperty("shadow").GetBoolean());
            Assert.Equal(0, reply.Expert("s").GetProperty("weight").GetDouble());
            Assert.Contains(reply.StateOf("s"), new[] { "answered", "late" });
            await asked.Task;
            await RecordedAsync(host, 1);
        }

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Post_ShadowIsThereInTime_IsInTheAnswerAndTheRecord()
    {
        // The other expert waits for the shadow expert, so that the shadow expert always replies in time.
        var spoken = new TaskCompletionSource();
        var shadow = new ScriptedExpert("s", Modality.Text, (_, _) => Task.FromResult(ScriptedExpert.Opinion(0.1, 0.1, 0.8)));
        await using var host = await StartAsync([ScriptedExpert.Waits("a", Modality.Text, spoken.Task, 0.8, 0.1, 0.1), shadow], All);

        var accepted = await host.Http.PostAsync("zero", wait: null);
        while (host.Get<Multimodal.Pipeline.Combiner.PendingRequests>().HasReply(Guid.Parse(accepted.Id), "s") is false)
        {
            await Task.Yield();
        }

        spoken.SetResult();
        var reply = await host.Http.ReadAsync($"v1/requests/{accepted.Id}", wait: 30);

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        var report = reply.Expert("s");
        Assert.Equal(("answered", "2"), (report.GetProperty("state").GetString(), report.GetProperty("label").GetString()));
        Assert.Equal(0.8, report.GetProperty("score").GetDouble(), 9);
        Assert.Equal((0, 0), (report.GetProperty("weight").GetDouble(), report.GetProperty("contribution").GetDouble()));
        Assert.Equal(204, (await host.Http.FeedbackAsync(accepted.Id, new { label = "2" })).Status);
        var record = await RecordedAsync(host, 1);
        Assert.Equal(
            (0, 0, 1, 1, 0, 1),
            (Of(record, "late"), Of(record, "agreed"), Of(record, "feedbacks"), Of(record, "right"), Of(record, "answerRight"), Of(record, "onlyItRight")));
    }

    [Fact]
    public async Task Post_ShadowIsSlow_AnswerDoesNotWaitAndTheOpinionIsRecordedLate()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(
            [
                ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1),
                ScriptedExpert.Waits("s", Modality.Text, release.Task, 0.1, 0.8, 0.1),
            ],
            All);

        var reply = await host.Http.PostAsync("zero", options: """{"deadlineMs": 60000}""");
        Assert.Equal(("completed", "0", "late"), (reply.Text("status"), reply.Text("label"), reply.StateOf("s")));
        Assert.Equal(0, Of(Shadow(await host.Http.ReadAsync("v1/ensembles/digits")), "opinions"));

        release.SetResult();
        Assert.Equal((1, 0), (Of(await RecordedAsync(host, 1), "late"), Of(await RecordedAsync(host, 1), "agreed")));
    }

    [Fact]
    public async Task Post_ShadowDeclines_IsCompleted()
    {
        await using var host = await StartAsync(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Throws("s", Modality.Text)], All);

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        Assert.Contains(reply.StateOf("s"), new[] { "declined", "late" });
    }

    [Fact]
    public async Task Post_ShadowAloneFits_IsRefusedAsIfItWereNotThere()
    {
        await using var host = await StartAsync(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("s", Modality.Image, 0.1, 0.8, 0.1)], All);

        var image = await host.Http.PostAsync(image: SampleMedia.Png(10));
        var named = await host.Http.PostAsync("zero", options: """{"experts": ["s"]}""");

        Assert.Equal((422, "no-expert"), (image.Status, image.Code));
        Assert.Equal((422, "no-expert"), (named.Status, named.Code));
    }

    [Fact]
    public async Task Post_ShadowIsNotAsked_ReportsTheReason()
    {
        var shadow = ScriptedExpert.Answers("s", Modality.Text, 0.1, 0.8, 0.1);
        var never = ScriptedExpert.Answers("n", Modality.Text, 0.1, 0.8, 0.1);
        var picture = ScriptedExpert.Answers("p", Modality.Image, 0.1, 0.8, 0.1);
        await using var host = await StartAsync(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), shadow, never, picture], new() { ["s"] = 1, ["n"] = 0, ["p"] = 1 });

        var reply = await host.Http.PostAsync("zero", options: """{"experts": ["a", "n"]}""");

        Assert.Equal(("skipped", "not-allowed"), (reply.StateOf("s"), reply.ReasonOf("s")));
        Assert.Equal(("skipped", "not-sampled"), (reply.StateOf("n"), reply.ReasonOf("n")));
        Assert.Equal(("skipped", "absent-modality"), (reply.StateOf("p"), reply.ReasonOf("p")));
        Assert.Equal((0, 0, 0), (shadow.Asked, never.Asked, picture.Asked));
    }

    private async Task<PipelineHost> StartAsync(ScriptedExpert[] experts, Dictionary<string, double>? shadows) =>
        await PipelineHost.StartAsync(_folder.Path, new ScriptedEnsemble(experts, shadows: shadows), [.. await transport.SettingsAsync()]);

    /// <summary>The parts of an answer that must not change, as JSON text.</summary>
    private static string[] Bits(Reply reply) =>
    [
        .. new[] { "status", "label", "confidence", "scores", "fusion", "gate" }.Select(name => reply.Json.GetProperty(name).GetRawText()),
        .. new[] { "a", "b" }.SelectMany(expert => new[] { "state", "reason", "weight", "label", "score", "contribution", "without" }
            .Select(name => reply.Expert(expert).GetProperty(name).GetRawText())),
    ];

    /// <summary>Reads the ensemble's report on the expert once the given number of opinions is recorded.</summary>
    private static async Task<JsonElement> RecordedAsync(PipelineHost host, int opinions)
    {
        for (var poll = 0; poll < 3000; poll++)
        {
            var shadow = Shadow(await host.Http.ReadAsync("v1/ensembles/digits"));
            if (Of(shadow, "opinions") == opinions)
            {
                return shadow;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new InvalidOperationException($"There were not {opinions} opinion(s) within 30 s.");
    }

    private static JsonElement Shadow(Reply ensemble) => ensemble.Json.GetProperty("shadows").EnumerateArray().Single();

    private static long Of(JsonElement shadow, string name) => shadow.GetProperty(name).GetInt64();
}
