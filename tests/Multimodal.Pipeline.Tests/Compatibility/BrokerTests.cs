using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Pipeline.Tests.MassTransitClient;
using Multimodal.Testing;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A broker that the previous build used: its queues, and its messages in them.</summary>
[Collection(BrokerFixture.Name)]
public sealed class BrokerTests(BrokerFixture broker) : IDisposable
{
    /// <summary>Details are for people and may be reworded.</summary>
    private static readonly string[] Volatile =
        [.. Recorded.Timings, "acceptedAt", "deadline", "gateway", "multimodal-gateway", "worker", "body.replyTo", "detail"];

    /// <summary>What message version 2 added to every message, and to <c>Analyze</c>.</summary>
    private static readonly string[] Added = ["$.body.messageVersion is new", "$.headers.multimodal-version is new", "$.body.readsReplies is new"];

    private static readonly string[] Experts = ["text-pieces", "text-letters", "image-light", "text-echo"];
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    /// <summary>The broker refuses a declaration that differs from the existing one, and the process would not start.</summary>
    [Fact]
    public async Task Request_OnQueuesOfThePreviousBuild_TravelsInTheSameMessages()
    {
        using var api = await ManagementApi.ConnectAsync(broker, _transport);
        if (!Recorded.IsRecording)
        {
            await using var tap = await DeclaredAsync();
        }

        var queues = "";
        var scenario = new BrokerScenario(_transport, _folder.Path);
        var messages = await scenario.RunAsync(async () => queues = await BrokerDeclarations.DescribeAsync(api));

        Recorded.Alike("broker", "queues.json", queues);
        foreach (var (name, message) in Recorded.IsRecording ? messages : new Dictionary<string, WireMessage>())
        {
            await File.WriteAllTextAsync(Recorded.At("broker", $"{name}.json"), message.ToJson());
        }

        Assert.Empty(messages.SelectMany(message => Differences(message.Key, message.Value)));
        Assert.Equal(Directory.GetFiles(Recorded.At("broker")).Length, messages.Count + 1);
    }

    /// <summary>A combiner among gateways and workers of the previous build.</summary>
    [Fact]
    public async Task Combiner_FuseAndRepliesOfThePreviousBuild_GivesTheSameAnswer()
    {
        await using var tap = await DeclaredAsync();
        await tap.PublishAsync(Read("fuse"));
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner());

        var asked = new Dictionary<string, WireMessage>();
        foreach (var expert in Experts)
        {
            asked[expert] = await tap.TakeAsync($"expert.tiny.{expert}");
            AssertAlike($"analyze-{expert}", asked[expert]);
        }

        var instance = asked["text-pieces"].Member("replyTo");
        foreach (var reply in new[] { "declined", "answered-letters", "answered" })
        {
            await tap.PublishAsync("opinions", instance, Read(reply));
        }

        AssertAlike("answer", await tap.TakeAsync("results"));
        await tap.PublishAsync("opinions", instance, Read("answered-late"));
        AssertAlike("shadow", await tap.TakeAsync("results"));
    }

    /// <summary>Workers among combiners of the previous build.</summary>
    [Fact]
    public async Task Workers_AnalyzeOfThePreviousBuild_GiveTheSameReplies()
    {
        await using var tap = await DeclaredAsync();
        foreach (var expert in Experts)
        {
            await tap.PublishAsync(Read($"analyze-{expert}"));
        }

        var replies = await tap.BindAsync("opinions", Read("analyze-text-pieces").Member("replyTo"));
        await using var text = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text));
        await using var image = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Image));

        var files = new Dictionary<string, string>
        {
            ["text-pieces"] = "answered",
            ["text-letters"] = "answered-letters",
            ["image-light"] = "declined",
            ["text-echo"] = "answered-late",
        };
        while (files.Count > 0)
        {
            var reply = await tap.TakeAsync(replies);
            Assert.True(files.Remove(reply.Member("expert"), out var file), reply.Body);
            AssertAlike(file!, reply);
        }
    }

    /// <summary>A gateway among combiners, workers, clients and other gateways of the previous build.</summary>
    [Fact]
    public async Task Gateway_MessagesOfThePreviousBuild_AreUnderstood()
    {
        await using var tap = await DeclaredAsync();
        await tap.Channel.QueueDeclareAsync("my-replies", durable: false, exclusive: false, autoDelete: false);
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await tap.PublishAsync(Read("heartbeat-text"));
        await tap.PublishAsync(Read("heartbeat-image"));
        await BrokerScenario.UntilServedAsync(gateway, 4);

        await tap.PublishAsync(Read("request"));
        AssertAlike("fuse", await tap.TakeAsync("fuse"));
        await tap.PublishAsync(Read("answer"));
        await tap.PublishAsync(Read("shadow"));
        var result = await gateway.Http.ReadAsync($"v1/requests/{BrokerScenario.Request}", wait: 30);
        var reply = await tap.TakeAsync("my-replies");

        Assert.Equal((200, Read("answer").Body), (result.Status, result.Body));
        Assert.Equal((Read("reply").Body, Read("reply").Properties.CorrelationId), (reply.Body, reply.Properties.CorrelationId));
        await UntilAsync(async () =>
            (await gateway.Http.ReadAsync("v1/ensembles/tiny")).Json.GetProperty("shadows")[0].GetProperty("late").GetInt32() == 1);
        await tap.PublishAsync(Read("heartbeat-image-leaving"));
        await BrokerScenario.UntilServedAsync(gateway, 3);
    }

    /// <summary>Another gateway, of the previous build, has recorded the answer to a request that a client waits for here.</summary>
    [Fact]
    public async Task Gateway_NoticeOfThePreviousBuild_WakesTheClient()
    {
        await using var tap = await DeclaredAsync();
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await tap.PublishAsync(Read("heartbeat-text"));
        await BrokerScenario.UntilServedAsync(gateway, 3);

        var waiting = gateway.Http.PostAsync("seven");
        var fuse = await tap.TakeAsync("fuse");
        var notice = Read("recorded");
        await tap.PublishAsync("", $"gateway.{Guid.Parse(fuse.Member("gateway")):n}", notice with
        {
            Properties = new BasicProperties(notice.Properties) { MessageId = fuse.Member("requestId") },
        });

        Assert.Equal((200, notice.Body), ((await waiting).Status, (await waiting).Body));
    }

    /// <summary>
    /// The request's id alone decides which version of the gate plans and whether the shadow expert is asked. The sample of exploring
    /// requests differs from that build, which hashed the id in two ways; this one uses one hash (StableShare). it hashed the id in two
    /// ways, and this one hashes it in one (StableShare).
    /// </summary>
    [Fact]
    public async Task Requests_SameIds_GiveTheSameDecisions()
    {
        await using var tap = await Tap.ConnectAsync(_transport);
        await using var host = await StartAsync(builder => builder.AddMultimodal());
        using var weights = new StringContent(Recorded.Text("http", "weights.json"), System.Text.Encoding.UTF8, "application/json");
        using var taught = await host.Http.PutAsync(new Uri("v1/ensembles/tiny/weights", UriKind.Relative), weights);
        Assert.True(taught.IsSuccessStatusCode);

        var decisions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var number = 0; number < 24; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"5f0c1b1e-6d2a-4b3c-9d4e-{number:000000000000}");
            var properties = new BasicProperties { MessageId = id };
            await tap.Channel.BasicPublishAsync("", "requests", mandatory: true, properties, """{"text": "seven"}"""u8.ToArray());
            await UntilAsync(async () => (await host.Http.ReadAsync($"v1/requests/{id}", wait: 30)).Status == 200);
            var reply = await host.Http.ReadAsync($"v1/requests/{id}");
            var gate = reply.Json.GetProperty("gate");
            decisions[id] = $"version {gate.GetProperty("version")}, "
                + (reply.ReasonOf("text-echo") == "not-sampled" ? "shadow not asked" : "shadow asked");
        }

        Recorded.Same("names", "decisions.json", JsonSerializer.Serialize(decisions, Recorded.Readable) + "\n");
    }

    private static WireMessage Read(string name) => WireMessage.Read("broker", $"{name}.json").Fresh(TimeProvider.System.GetUtcNow());

    private static void AssertAlike(string name, WireMessage message) => Assert.Empty(Differences(name, message));

    private static IEnumerable<string> Differences(string name, WireMessage message)
    {
        var recorded = WireMessage.Read("broker", $"{name}.json");
        return JsonDifference.Between(recorded.ToComparable(), message.ToComparable(), Volatile).Except(Added).Select(difference => $"{name}: {difference}");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Creates a virtual host in the state that the previous build left.</summary>
    private async Task<Tap> DeclaredAsync()
    {
        var tap = await Tap.ConnectAsync(_transport);
        await BrokerDeclarations.DeclareAsync(tap.Channel, Recorded.Text("broker", "queues.json"));
        return tap;
    }

    private async Task<PipelineHost> StartAsync(Action<WebApplicationBuilder> role) =>
        await PipelineHost.StartAsync(
            _folder.Path, ensembles: null, role, [.. await _transport.SettingsAsync(), .. BrokerScenario.Settings]);
}
