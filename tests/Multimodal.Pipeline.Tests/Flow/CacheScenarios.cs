using System.Net.Http.Headers;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Requests that the cache answers keep all guarantees of the others.</summary>
public abstract class CacheScenarios(TestTransport transport) : IDisposable
{
    private const string HookOptions = """{"subscription": "hook"}""";
    private readonly ScratchFolder _folder = new();
    private readonly ScriptedExpert _expert = ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);
    private readonly ScriptedExpert _other = ScriptedExpert.Answers("b", Modality.Text, 0.7, 0.2, 0.1);

    private protected TestTransport Transport => transport;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_SameAgain_GetsTheStoredAnswerWithItsOwnId()
    {
        await using var host = await StartAsync();

        var first = await host.Http.PostAsync("zero");
        var second = await host.Http.PostAsync("zero", options: """{"subscription": "alarms", "deadlineMs": 9000, "priority": "low"}""");

        Assert.Equal((200, 200, 1), (first.Status, second.Status, _expert.Asked));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, second.Json.GetProperty("cached").GetProperty("from").GetString());
        Assert.InRange(second.Json.GetProperty("cached").GetProperty("ageMs").GetInt64(), 0, 60_000);
        Assert.False(first.Json.TryGetProperty("cached", out _));
        Assert.Equal(Members(first), Members(second));
        Assert.Equal(("multimodal; fwd=miss", null), (Header(first, "Cache-Status"), Header(first, "Age")));
        Assert.Matches("^multimodal; hit; ttl=[0-9]+$", Header(second, "Cache-Status"));
        Assert.Matches("^[0-9]+$", Header(second, "Age"));
        Assert.Equal("wait=30", Header(second, "Preference-Applied"));
        Assert.Equal($"/v1/requests/{second.Id}", second.Headers.Location!.ToString());
        Assert.Equal(second.Body, (await host.Http.ReadAsync($"v1/requests/{second.Id}")).Body);
        Assert.Equal(0, host.Get<AdmissionControl>().InFlight);
    }

    [Fact]
    public async Task Post_HitWithoutWait_Is202AndTheResultIsThere()
    {
        await using var host = await StartAsync();
        var first = await host.Http.PostAsync("zero");

        var receipt = await host.Http.PostAsync("zero", wait: null);
        var result = await host.Http.ReadAsync($"v1/requests/{receipt.Id}");

        Assert.Equal((202, "accepted", 200), (receipt.Status, receipt.Text("status"), result.Status));
        Assert.Equal(first.Id, result.Json.GetProperty("cached").GetProperty("from").GetString());
    }

    [Fact]
    public async Task Post_AnythingElseDiffers_IsAMiss()
    {
        await using var host = await StartAsync(
            _expert,
            ("Multimodal:Keys:one:Sha256", ApiKey.Sha256("one")),
            ("Multimodal:Keys:two:Sha256", ApiKey.Sha256("two")),
            ("Multimodal:Keys:two:Tenant", "two"));
        using var one = host.Client("one");
        using var two = host.Client("two");
        await one.PostAsync("zero");

        Reply[] replies =
        [
            await one.PostAsync("zero "),
            await one.PostAsync("zero", options: """{"fusion": "log"}"""),
            await two.PostAsync("zero"),
        ];

        Assert.All(replies, reply => Assert.Equal("multimodal; fwd=miss", Header(reply, "Cache-Status")));
        Assert.Equal(4, _expert.Asked);
    }

    [Fact]
    public async Task Post_NoCache_AsksExpertsAndReplacesTheAnswer()
    {
        await using var host = await StartAsync();
        await host.Http.PostAsync("zero");

        var fresh = await PostAsync(host, "no-cache");
        var hit = await host.Http.PostAsync("zero");

        Assert.Equal(("multimodal; fwd=request", 2), (Header(fresh, "Cache-Status"), _expert.Asked));
        Assert.Equal(fresh.Id, From(hit));
    }

    [Fact]
    public async Task Post_NoStore_NeitherReadsNorKeeps()
    {
        await using var host = await StartAsync();

        var first = await PostAsync(host, "no-store");
        var second = await host.Http.PostAsync("zero");
        var third = await PostAsync(host, "no-store");
        var fourth = await host.Http.PostAsync("zero");

        Assert.Equal(3, _expert.Asked);
        Assert.All(new[] { first, third }, reply => Assert.Equal("multimodal; fwd=request", Header(reply, "Cache-Status")));
        Assert.Equal((null, second.Id), (From(second), From(fourth)));
    }

    [Fact]
    public async Task Post_Off_IsAsWithoutACache()
    {
        await using var host = await StartAsync(_expert, ("Multimodal:Cache:MaxBytes", "0"));

        var replies = new[] { await host.Http.PostAsync("zero"), await host.Http.PostAsync("zero") };

        Assert.Equal(2, _expert.Asked);
        Assert.All(replies, reply => Assert.Equal((null, null), (Header(reply, "Cache-Status"), From(reply))));
    }

    [Theory]
    [InlineData("""{"deadlineMs": 4000}""")]
    [InlineData("""{"priority": "low"}""")]
    public async Task Post_AnswerMayHaveBeenLimited_IsAskedAgain(string options)
    {
        await using var host = await StartAsync(_expert);

        await host.Http.PostAsync("zero", options: options);
        var next = await host.Http.PostAsync("zero");

        Assert.Equal((2, null), (_expert.Asked, From(next)));
    }

    [Fact]
    public async Task Post_AnswerWasPartial_IsAskedAgain()
    {
        await using var host = await StartAsync(new ScriptedEnsemble([_expert, ScriptedExpert.Declines("b", Modality.Text, DeclineReason.OutOfMemory)]));

        var replies = new[] { await host.Http.PostAsync("zero"), await host.Http.PostAsync("zero") };

        Assert.Equal(2, _expert.Asked);
        Assert.All(replies, reply => Assert.Equal(("partial", null), (reply.Text("status"), From(reply))));
    }

    [Fact]
    public async Task Post_TwoEqualAtOnce_BothAskAndTheNextIsAHit()
    {
        var release = new TaskCompletionSource();
        var slow = ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1);
        await using var host = await StartAsync(slow);

        var both = new[] { host.Http.PostAsync("zero"), host.Http.PostAsync("zero") };
        while (slow.Asked < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        release.SetResult();
        var replies = await Task.WhenAll(both);
        var third = await host.Http.PostAsync("zero");

        Assert.All(replies, reply => Assert.Equal((200, null), (reply.Status, From(reply))));
        Assert.Contains(From(third), replies.Select(reply => reply.Id));
        Assert.Equal(2, slow.Asked);
    }

    [Fact]
    public async Task Post_ServiceRestarted_AsksAgainAndKeepsTheResultsOfHits()
    {
        Reply hit;
        await using (var host = await StartAsync())
        {
            await host.Http.PostAsync("zero");
            hit = await host.Http.PostAsync("zero");
        }

        await using var next = await StartAsync();
        var again = await next.Http.PostAsync("zero");

        Assert.NotNull(From(hit));
        Assert.Equal(hit.Body, (await next.Http.ReadAsync($"v1/requests/{hit.Id}")).Body);
        Assert.Equal((null, 2), (From(again), _expert.Asked));
    }

    [Fact]
    public async Task Post_EarlierRequestDeleted_AsksAgain()
    {
        await using var host = await StartAsync();
        await host.Http.PostAsync("zero");
        await host.Get<RequestStore>().DeleteAnsweredAsync(DateTimeOffset.MaxValue);

        var reply = await host.Http.PostAsync("zero");
        var hit = await host.Http.PostAsync("zero");

        Assert.Equal((null, "multimodal; fwd=miss", 2), (From(reply), Header(reply, "Cache-Status"), _expert.Asked));
        Assert.Equal(reply.Id, From(hit));
    }

    [Fact]
    public async Task Post_EnsembleReloaded_AsksAgain()
    {
        await using var host = await StartAsync();
        await host.Http.PostAsync("zero");
        host.Get<EnsembleCatalog>().Fill([new ScriptedEnsemble([_expert]).Create()]);

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal((null, 2), (From(reply), _expert.Asked));
    }

    [Fact]
    public async Task Post_SampledForAShadowExpert_AsksAgain()
    {
        var ensemble = new ScriptedEnsemble([_expert, _other], shadows: new Dictionary<string, double> { ["b"] = 1 });
        await using var host = await StartAsync(ensemble);
        await host.Http.PostAsync("zero");

        var reply = await host.Http.PostAsync("zero");

        Assert.Equal((null, "multimodal; fwd=bypass", 2), (From(reply), Header(reply, "Cache-Status"), _expert.Asked));
    }

    [Fact]
    public async Task Feedback_OnAHit_IsLearnedAndTheNextRequestAsksAgain()
    {
        await using var host = await StartAsync(new ScriptedEnsemble([_expert, _other], online: new EnsembleTrust("fixed-share", "log", Explore: 0)));
        await host.Http.PostAsync("zero");
        var hit = await host.Http.PostAsync("zero");

        var feedback = await host.Http.FeedbackAsync(hit.Id, new { label = "1" });
        var again = await host.Http.FeedbackAsync(hit.Id, new { label = "1" });
        var differs = await host.Http.FeedbackAsync(hit.Id, new { label = "2" });
        var next = await host.Http.PostAsync("zero");
        var last = await host.Http.PostAsync("zero");

        Assert.Equal((204, 204, 409), (feedback.Status, again.Status, differs.Status));
        Assert.NotNull(From(hit));
        Assert.Null(From(next));
        Assert.Equal(1, next.Json.GetProperty("gate").GetProperty("online").GetProperty("feedbacks").GetInt32());
        Assert.True(next.Expert("a").GetProperty("trust").GetDouble() < 1);
        Assert.Equal((next.Id, 2), (From(last), _expert.Asked));
    }

    [Fact]
    public async Task Post_AllExplore_AsksAlways()
    {
        await using var host = await StartAsync(new ScriptedEnsemble([_expert, _other], online: new EnsembleTrust("fixed-share", "log", Explore: 1)));
        var first = await host.Http.PostAsync("zero");
        await host.Http.FeedbackAsync(first.Id, new { label = "1" });

        var replies = new[] { await host.Http.PostAsync("zero"), await host.Http.PostAsync("zero") };

        Assert.All(replies, reply => Assert.Equal((null, "multimodal; fwd=bypass"), (From(reply), Header(reply, "Cache-Status"))));
        Assert.Equal(3, _expert.Asked);
    }

    [Fact]
    public async Task IdempotencyKey_OfAHit_IsAcceptedOnce()
    {
        await using var host = await StartAsync();
        await host.Http.PostAsync("zero");

        var hit = await host.Http.PostAsync(new RequestForm("zero", Key: "k"));
        var repeat = await host.Http.PostAsync(new RequestForm("zero", Key: "k"));
        var other = await host.Http.PostAsync(new RequestForm("one", Key: "k"));

        Assert.NotNull(From(hit));
        Assert.Equal((200, hit.Body, "true"), (repeat.Status, repeat.Body, Header(repeat, "Idempotency-Replayed")));
        Assert.Equal("idempotency-key-reused", other.Code);
    }

    [Fact]
    public async Task IdempotencyKey_ManyHitsAtOnce_AreOneRequest()
    {
        await using var host = await StartAsync();
        await host.Http.PostAsync("zero");

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Http.PostAsync(new RequestForm("zero", Key: "k"))));

        Assert.Single(replies.Select(reply => reply.Body).Distinct());
        Assert.Equal(1, _expert.Asked);
    }

    [Fact]
    public async Task Subscriptions_OfAHit_GetItOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync(_expert, ("Multimodal:Webhooks:AllowPrivateTargets", "true"));
        await host.Http.SubscribeAsync(new { name = "hook", kind = "webhook", url = receiver.Url, secret = WebhookReceiver.Secret });
        await host.Http.SubscribeAsync(new { name = "live", kind = "events" });
        using var events = await EventReader.OpenAsync(host.Http, "v1/events?subscription=live");
        await host.Http.PostAsync("zero");

        var posted = await host.Http.PostAsync("zero", options: HookOptions);
        var streamed = await host.Http.PostAsync("zero", options: """{"subscription": "live"}""");
        var post = await receiver.ReadAsync();
        var read = Assert.Single(await events.ReadAsync(1));

        Assert.NotNull(From(posted));
        Assert.Equal((posted.Id, posted.Body, null), (post.Id, post.Body, post.Failure));
        Assert.Equal(streamed.Body, read.Data);
        Assert.Equal((1, 0), (_expert.Asked, receiver.Unread));
    }

    [Fact]
    public async Task Metrics_CountWhatTheCacheDid()
    {
        await using var host = await StartAsync();
        var before = await MetricsAsync(host);

        await host.Http.PostAsync("zero");
        await host.Http.PostAsync("zero");
        await PostAsync(host, "no-cache");
        var after = await MetricsAsync(host);

        foreach (var outcome in new[] { "hit", "miss", "request" })
        {
            var series = $"multimodal_cache_lookups_total{{ensemble=\"digits\",outcome=\"{outcome}\"}}";

            // Other tests of this process may count too.
            Assert.True(after[series] > (before.Series.Contains(series) ? before[series] : 0), series);
        }

        Assert.Equal(1, after["multimodal_cache_answers"]);
        Assert.Equal(host.Get<AnswerCache>().Bytes, after["multimodal_cache_size_bytes"]);
    }

    private protected static string? From(Reply reply) =>
        reply.Json.TryGetProperty("cached", out var cached) ? cached.GetProperty("from").GetString() : null;

    private protected static string? Header(Reply reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private protected Task<PipelineHost> StartAsync() => StartAsync(_expert);

    private static async Task<Exposition> MetricsAsync(PipelineHost host) =>
        Exposition.Read(await host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));

    private static async Task<Reply> PostAsync(PipelineHost host, string cacheControl)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative))
        {
            Content = new MultipartFormDataContent { { new StringContent("zero"), "text" } },
        };
        request.Headers.Add("Prefer", "wait=30");
        request.Headers.CacheControl = CacheControlHeaderValue.Parse(cacheControl);
        using var response = await host.Http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    private static IEnumerable<(string Name, string Json)> Members(Reply reply) =>
        reply.Json.EnumerateObject().Where(member => member.Name is not ("id" or "cached")).Select(member => (member.Name, member.Value.GetRawText()));

    private Task<PipelineHost> StartAsync(ScriptedExpert expert, params (string Key, string Value)[] settings) => StartAsync(new ScriptedEnsemble([expert]), settings);

    private async Task<PipelineHost> StartAsync(ScriptedEnsemble ensemble, params (string Key, string Value)[] settings) => await PipelineHost.StartAsync(
        _folder.Path, ensemble, [.. await transport.SettingsAsync(), .. settings.Append(("Multimodal:Cache:MaxBytes", "1000000")).DistinctBy(setting => setting.Item1)]);
}
