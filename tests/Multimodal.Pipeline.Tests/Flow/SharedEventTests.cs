using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Event streams of several gateways with one store.</summary>
[Collection(SharedGroup.Name)]
public sealed class SharedEventTests(BrokerFixture broker, DatabaseFixture database) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly string _connection = database.NewDatabase();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stream_TwoGateways_BothBringEveryResultInTheSameOrder()
    {
        const string Live = "v1/events?subscription=live";
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Http.SubscribeAsync(new { name = "live", kind = "events" });
        using var first = await EventReader.OpenAsync(one.Http, Live);
        using var second = await EventReader.OpenAsync(two.Http, Live);

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            (i % 2 == 0 ? one : two).Http.PostAsync($"zero {i}", options: """{"subscription": "live"}""")));
        var (atOne, atTwo) = (await first.ReadAsync(60), await second.ReadAsync(60));

        Assert.Equal(replies.Select(reply => reply.Body).Order(StringComparer.Ordinal), atOne.Select(read => read.Data).Order(StringComparer.Ordinal));
        Assert.Equal(atOne, atTwo);

        // A client may reconnect to any gateway.
        using var moved = await EventReader.OpenAsync(two.Http, Live, atOne[29].Id);
        Assert.Equal(atOne.Skip(30), await moved.ReadAsync(30));
    }

    [Fact]
    public async Task Webhook_TwoGateways_PostEachResultOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Http.SubscribeAsync(new { name = "hook", kind = "webhook", url = receiver.Url, secret = WebhookReceiver.Secret });

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            (i % 2 == 0 ? one : two).Http.PostAsync($"zero {i}", options: """{"subscription": "hook"}""")));
        var ids = new List<string>();
        while (ids.Count < replies.Length)
        {
            ids.Add((await receiver.ReadAsync()).Id);
        }

        Assert.Equal(replies.Select(reply => reply.Id).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
    }

    private async Task<PipelineHost> StartAsync() => await PipelineHost.StartAsync(
        _folder.Path,
        [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)],
        [
            .. await _transport.SettingsAsync(), ("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", _connection),
            ("Multimodal:Webhooks:AllowPrivateTargets", "true"), ("Multimodal:Webhooks:PollSeconds", "0.02"), ("Multimodal:Events:PollSeconds", "0.02"),
        ]);
}
