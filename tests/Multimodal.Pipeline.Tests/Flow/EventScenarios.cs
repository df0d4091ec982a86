using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Results as server-sent events.</summary>
public abstract class EventScenarios(TestTransport transport) : IDisposable
{
    private const string Live = "v1/events?subscription=live";
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Stream_ResultsOfItsSubscription_ComeFromNowOnInOrder()
    {
        await using var host = await StartAsync();
        var made = await SubscribeAsync(host, "live");
        await SubscribeAsync(host, "default");
        await AskAsync(host, "live");

        using var stream = await EventReader.OpenAsync(host.Http, Live);
        using var unnamed = await EventReader.OpenAsync(host.Http, "v1/events");
        var first = await AskAsync(host, "live");
        var other = await host.Http.PostAsync("zero");
        var second = await AskAsync(host, "live");
        var events = await stream.ReadAsync(2);

        Assert.Equal((201, "/" + Live), (made.Status, made.Text("events")));
        Assert.Equal([("result", first.Body), ("result", second.Body)], events.Select(read => (read.Type, read.Data)));
        Assert.Equal(other.Body, (await unnamed.ReadAsync())!.Data);
    }

    [Fact]
    public async Task Stream_ClientComesBack_LosesAndRepeatsNothing()
    {
        var expected = new List<string>();
        var seen = new List<EventReader.Event>();
        string position;
        await using (var host = await StartAsync())
        {
            await SubscribeAsync(host, "live");
            using (var stream = await EventReader.OpenAsync(host.Http, Live))
            {
                // A client that disconnects before the first event still knows its position.
                position = stream.LastEventId;
            }

            for (var i = 0; i < 5; i++)
            {
                expected.Add((await AskAsync(host, "live")).Body);
            }

            using var again = await EventReader.OpenAsync(host.Http, Live, position);
            seen.AddRange(await again.ReadAsync(3));
            position = again.LastEventId;
            expected.Add((await AskAsync(host, "live")).Body);
        }

        await using var next = await StartAsync();
        using var last = await EventReader.OpenAsync(next.Http, Live, position);
        expected.Add((await AskAsync(next, "live")).Body);
        seen.AddRange(await last.ReadAsync(4));

        Assert.Equal(expected, seen.Select(read => read.Data));
        Assert.Equal(7, seen.Select(read => read.Id).Distinct().Count());
    }

    [Fact]
    public async Task Stream_LastEventIdZero_BringsAllThatIsThere()
    {
        await using var host = await StartAsync();
        await SubscribeAsync(host, "live");
        var bodies = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ => (await AskAsync(host, "live")).Body));

        using var stream = await EventReader.OpenAsync(host.Http, Live, "0");

        Assert.Equal(bodies.Order(StringComparer.Ordinal), (await stream.ReadAsync(60)).Select(read => read.Data).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stream_SubscriptionCreatedAgain_IsNotTheOldOne()
    {
        await using var host = await StartAsync();
        await SubscribeAsync(host, "live");
        await AskAsync(host, "live");
        using var old = await EventReader.OpenAsync(host.Http, Live, "0");
        await old.ReadAsync(1);
        await host.Http.EndAsync("live");
        Assert.Null(await old.ReadAsync());
        await SubscribeAsync(host, "live");
        var result = await AskAsync(host, "live");

        using var stream = await EventReader.OpenAsync(host.Http, Live, old.LastEventId);

        Assert.Contains("the subscription has ended", old.Comments);
        Assert.Equal(result.Body, (await stream.ReadAsync())!.Data);
    }

    [Fact]
    public async Task Stream_NothingHappens_GetsHeartbeatsAndStaysSubscribed()
    {
        await using var host = await StartAsync(("Multimodal:Subscriptions:SweepSeconds", "0.1"));
        await host.Http.SubscribeAsync(new { name = "live", kind = "events", expiresSeconds = 1 });
        await host.Http.SubscribeAsync(new { name = "unused", kind = "events", expiresSeconds = 1 });
        using var stream = await EventReader.OpenAsync(host.Http, Live);
        while ((await host.Http.ReadAsync("v1/subscriptions/unused")).Status != 404)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var result = await AskAsync(host, "live");

        Assert.Equal(result.Body, (await stream.ReadAsync())!.Data);
        Assert.Contains("heartbeat", stream.Comments);
    }

    [Fact]
    public async Task Stream_RefusedWhere_ItCannotBe()
    {
        await using var host = await StartAsync(("Multimodal:Events:MaxStreams", "1"));
        await SubscribeAsync(host, "live");
        await host.Get<SubscriptionStore>().AddAsync(
            new Subscription { Tenant = "other", Name = "theirs", KindText = "events", StatusList = "", ExpiresSeconds = 60, CreatedAt = 1, ExpiresAt = long.MaxValue }, 10);

        var unknown = await EventReader.RefusedAsync(host.Http, "v1/events?subscription=none");
        var theirs = await EventReader.RefusedAsync(host.Http, "v1/events?subscription=theirs");
        var badId = await EventReader.RefusedAsync(host.Http, Live, "yesterday");
        using var stream = await EventReader.OpenAsync(host.Http, Live);
        var tooMany = await EventReader.RefusedAsync(host.Http, Live);

        Assert.Equal((404, "subscription-not-found"), (unknown.Status, unknown.Code));
        Assert.Equal((404, "subscription-not-found"), (theirs.Status, theirs.Code));
        Assert.Equal((400, "invalid-last-event-id"), (badId.Status, badId.Code));
        Assert.Equal((503, "too-many-streams", "1"), (tooMany.Status, tooMany.Code, tooMany.Headers.GetValues("Retry-After").Single()));
    }

    [Fact]
    public async Task RequestStream_TellsAcceptedAndResultAndEnds()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1));
        var receipt = await host.Http.PostAsync("zero", wait: null);
        var address = $"v1/requests/{receipt.Id}/events";

        using var stream = await EventReader.OpenAsync(host.Http, address);
        var accepted = await stream.ReadAsync();
        release.SetResult();
        var answered = await stream.ReadAsync();
        var end = await stream.ReadAsync();
        using var resumed = await EventReader.OpenAsync(host.Http, address, accepted!.Id);

        Assert.Equal(("accepted", receipt.Body), (accepted.Type, accepted.Data));
        Assert.Equal(("result", (await host.Http.ReadAsync($"v1/requests/{receipt.Id}")).Body), (answered!.Type, answered.Data));
        Assert.Null(end);
        Assert.Equal(answered, await resumed.ReadAsync());
        Assert.Equal(204, (await EventReader.RefusedAsync(host.Http, address, answered.Id)).Status);
        Assert.Equal(404, (await EventReader.RefusedAsync(host.Http, $"v1/requests/{Guid.NewGuid()}/events")).Status);
    }

    [Fact]
    public async Task Stream_ProcessStops_EndsAtOnce()
    {
        EventReader stream;
        await using (var host = await StartAsync())
        {
            await SubscribeAsync(host, "live");
            stream = await EventReader.OpenAsync(host.Http, Live);
            var end = stream.ReadAsync();
            await host.StopAsync();
            Assert.Null(await end);
        }

        Assert.Contains("the gateway is shutting down; reconnect", stream.Comments);
        stream.Dispose();
    }

    private static Task<Reply> SubscribeAsync(PipelineHost host, string name) => host.Http.SubscribeAsync(new { name, kind = "events" });

    private static async Task<Reply> AskAsync(PipelineHost host, string subscription)
    {
        var reply = await host.Http.PostAsync("zero", options: $$"""{"subscription": "{{subscription}}"}""");
        Assert.Equal(200, reply.Status);
        return reply;
    }

    private Task<PipelineHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), settings);

    private async Task<PipelineHost> StartAsync(ScriptedExpert expert, params (string Key, string Value)[] settings) => await PipelineHost.StartAsync(
        _folder.Path, [expert], [.. await transport.SettingsAsync(), ("Multimodal:Events:HeartbeatSeconds", "0.1"), .. settings]);
}
