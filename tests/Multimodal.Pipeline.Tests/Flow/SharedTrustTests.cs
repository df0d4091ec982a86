using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback to several gateways over one store.</summary>
[Collection(SharedGroup.Name)]
public sealed class SharedTrustTests(BrokerFixture broker, DatabaseFixture database) : IDisposable
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
        var feedbacks = await Task.WhenAll(
            replies.SelectMany(reply => new[] { one, two }.Select(gateway => gateway.Http.FeedbackAsync(reply.Id, new { label = "1" }))));

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
        while (gateway.Get<TrustCache>().Find("default", gateway.Get<EnsembleCatalog>()["digits"])!.Stored.Revision < revision)
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
