using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;
using Multimodal.Tool.Services;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback within one process.</summary>
public sealed class OnlineTests() : OnlineScenarios(TestTransport.InMemory);

/// <summary>Feedback with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class OnlineTestsOnRabbitMq(BrokerFixture broker) : OnlineScenarios(broker.NewTransport());

/// <summary>Feedback to a process that is killed.</summary>
public sealed class OnlineKillTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_WhileFeedbackComes_EveryConfirmedOneIsKeptOnceAndRepeatsAreHarmless()
    {
        UntrainedEnsemble.Write(_folder.At("models"), RepositoryFiles.At("models", "digits"), "text-words", "text-numerals");
        var manifest = _folder.At("models", "digits", "ensemble.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).TrimEnd('}', '\n') + """}, "online": { "learner": "fixed-share" } }""");
        await using var service = new ServiceProcess(ServiceProcess.DefaultDll(), _folder.At("data"), TimeProvider.System, _folder.At("models"));
        await service.StartAsync(default);
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add((await service.Http.PostAsync($"seven {i}", options: """{"deadlineMs": 20000}""")).Id);
        }

        var confirmed = 0;
        var halfWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var feedbacks = ids.Select(async id =>
        {
            try
            {
                await service.Http.FeedbackAsync(id, new { label = "7" });
                if (Interlocked.Increment(ref confirmed) == 4)
                {
                    halfWay.SetResult();
                }
            }
            catch (HttpRequestException)
            {
                // The process was killed before it confirmed.
            }
        }).ToArray();
        await halfWay.Task;
        await service.KillAsync(default);
        await Task.WhenAll(feedbacks);
        await service.StartAsync(default);

        var kept = (await service.Http.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32();
        Assert.InRange(kept, confirmed, ids.Count);
        foreach (var id in ids)
        {
            Assert.Equal(204, (await service.Http.FeedbackAsync(id, new { label = "7" })).Status);
        }

        Assert.Equal(ids.Count, (await service.Http.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32());
    }
}

/// <summary>Feedback of several tenants.</summary>
public sealed class OnlineTenantTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Feedback_OfOneTenant_TeachesNothingAboutAnother()
    {
        var ensemble = new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], online: new EnsembleTrust("fixed-share"));
        await using var host = await PipelineHost.StartAsync(
            _folder.Path,
            ensemble,
            ("Multimodal:Keys:one:Sha256", ApiKey.Sha256("mm_one")), ("Multimodal:Keys:one:Tenant", "one"),
            ("Multimodal:Keys:two:Sha256", ApiKey.Sha256("mm_two")), ("Multimodal:Keys:two:Tenant", "two"));
        using var one = new HttpClient { BaseAddress = host.Http.BaseAddress };
        using var two = new HttpClient { BaseAddress = host.Http.BaseAddress };
        one.DefaultRequestHeaders.Authorization = new("Bearer", "mm_one");
        two.DefaultRequestHeaders.Authorization = new("Bearer", "mm_two");

        var reply = await one.PostAsync("zero");
        Assert.Equal(404, (await two.FeedbackAsync(reply.Id, new { label = "1" })).Status);
        Assert.Equal(204, (await one.FeedbackAsync(reply.Id, new { label = "1" })).Status);

        Assert.True((await one.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble() < 1);
        Assert.Equal(1.0, (await two.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble());
        Assert.Equal(0, (await two.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32());
        Assert.Equal(401, (await host.Http.ReadAsync("v1/ensembles/digits/weights")).Status);
    }
}

/// <summary>Feedback to several gateways over one store.</summary>
[Collection(SharedGroup.Name)]
public sealed class SharedOnlineTests(BrokerFixture broker, DatabaseFixture database) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly string _connection = database.NewDatabase();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Feedback_TwoGateways_LearnTheSameOnceAndBothPlanWithIt()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? one : two).Http.PostAsync($"zero {i}")));

        // Send each feedback to both gateways at once.
        var feedbacks = await Task.WhenAll(replies.SelectMany(reply => new[] { one, two }.Select(gateway => gateway.Http.FeedbackAsync(reply.Id, new { label = "1" }))));

        Assert.All(feedbacks, reply => Assert.Equal(204, reply.Status));
        var view = await one.Http.ReadAsync("v1/ensembles/digits/weights");
        Assert.Equal((50, 50), (view.Json.GetProperty("feedbacks").GetInt32(), view.Json.GetProperty("revision").GetInt32()));
        Assert.Equal(view.Body, (await two.Http.ReadAsync("v1/ensembles/digits/weights")).Body);

        var trust = view.Expert("a").GetProperty("trust").GetDouble();
        Assert.True(trust < 0.1);
        foreach (var gateway in new[] { one, two })
        {
            await UntilKnownAsync(gateway, 50);
            var reply = await gateway.Http.PostAsync("zero");
            Assert.Equal((trust, 50), (reply.Expert("a").GetProperty("trust").GetDouble(), reply.Json.GetProperty("gate").GetProperty("online").GetProperty("revision").GetInt32()));
        }
    }

    private static async Task UntilKnownAsync(PipelineHost gateway, long revision)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (gateway.Get<TrustCache>().Of("default", gateway.Get<EnsembleCatalog>()["digits"])!.Stored.Revision < revision)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }
    }

    private async Task<PipelineHost> StartAsync() => await PipelineHost.StartAsync(
        _folder.Path,
        new ScriptedEnsemble(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.2, 0.7, 0.1)],
            online: new EnsembleTrust("fixed-share", "log")),
        [
            .. await _transport.SettingsAsync(), ("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", _connection),
            ("Multimodal:Online:RefreshSeconds", "0.05"),
        ]);
}
