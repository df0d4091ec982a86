using Microsoft.AspNetCore.Builder;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.MassTransit;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Pipeline.Tests.MassTransitClient;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>
/// Sends one request through processes that start one after the other, so that each message can be read in its queue. The image expert finds
/// no payload, and the shadow expert replies after the answer.
/// </summary>
internal sealed class BrokerScenario(TestTransport transport, string dataFolder)
{
    /// <summary>The request's id, which is in the shadow expert's sample.</summary>
    public const string Request = "5f0c1b1e-6d2a-4b3c-9d4e-000000000000";

    private const string Replies = "my-replies";
    private const string Experts = "expert.tiny.";
    private readonly Dictionary<string, WireMessage> _messages = [];
    private string _gatewayQueue = "";

    /// <summary>The settings for a host.</summary>
    public static readonly (string, string)[] Settings =
    [
        ("Multimodal:ModelsFolder", Recorded.At("models")),
        ("Multimodal:DefaultEnsemble", "tiny"),
        ("Multimodal:Gateway:MaxDeadlineMs", "600000"),
        ("Multimodal:Experts:SilenceSeconds", "600"),
        ("Multimodal:Experts:HeartbeatSeconds", "2"),
        ("Multimodal:Store:WatchdogSeconds", "3600"),
    ];

    /// <summary>The plan asks all three experts at once.</summary>
    public static MultimodalRequest Body { get; } = new()
    {
        Text = "seven",
        Image = SampleMedia.Png(100),
        Options = new()
        {
            Ensemble = "tiny",
            GateVersion = "2",
            Strategy = "soft",
            Experts = ["text-pieces", "text-letters", "image-light", "text-echo"],
            Fusion = "linear",
            DeadlineMs = 600_000,
            Subscription = "alarms",
        },
    };

    /// <summary>Waits until the gateway knows workers of the given number of experts.</summary>
    public static async Task UntilServedAsync(PipelineHost gateway, int experts)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Served(await gateway.Http.ReadAsync("v1/experts")) != experts)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), $"{experts} experts should have workers.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        static int Served(Reply reply) => reply.Json.EnumerateArray().Count(expert => expert.GetProperty("workers").GetInt32() > 0);
    }

    /// <summary>Runs the scenario.</summary>
    /// <param name="whenAllRun">Called when all roles run and all queues exist.</param>
    /// <returns>The messages by name.</returns>
    public async Task<IReadOnlyDictionary<string, WireMessage>> RunAsync(Func<Task> whenAllRun)
    {
        await using var tap = await Tap.ConnectAsync(transport);
        await tap.Channel.QueueDeclareAsync(Replies, durable: false, exclusive: false, autoDelete: false);
        await KnowWorkersAsync(tap);
        await SendRequestAsync(tap);
        await AcceptAsync(tap);
        await using (await StartAsync(builder => builder.AddMultimodalCombiner()))
        {
            await AnswerAsync(tap);
            await RecordAsync(tap, whenAllRun);
        }

        return _messages;
    }

    /// <summary>Starts and stops a worker of each modality, so that the gateway receives their heartbeats.</summary>
    private async Task KnowWorkersAsync(Tap tap)
    {
        foreach (var (modality, name) in new[] { (Modality.Text, "text"), (Modality.Image, "image") })
        {
            string heartbeats;
            await using (await StartAsync(builder => builder.AddMultimodalExperts(modality)))
            {
                heartbeats = await tap.BindAsync("multimodal.heartbeats", "");
                _messages[$"heartbeat-{name}"] = await tap.TakeAsync(heartbeats);
            }

            WireMessage last;
            while (!(last = await tap.TakeAsync(heartbeats)).Body.Contains("\"isLeaving\":true", StringComparison.Ordinal))
            {
            }

            _messages[$"heartbeat-{name}-leaving"] = last;
            await tap.Channel.QueueDeleteAsync(heartbeats);
        }
    }

    private async Task SendRequestAsync(Tap tap)
    {
        await using var application = await MassTransitApplication.StartAsync(transport, (_, _) => { });
        await application.Bus.SendMultimodalRequestAsync(Body, Replies, Guid.Parse(Request));
        _messages["request"] = await tap.TakeAsync("requests");
    }

    private async Task AcceptAsync(Tap tap)
    {
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await tap.PublishAsync(_messages["heartbeat-text"]);
        await tap.PublishAsync(_messages["heartbeat-image"]);
        await UntilServedAsync(gateway, 4);
        var subscription = new { name = "alarms", kind = "queue", statuses = new[] { "completed", "partial" }, maxLength = 50 };
        Assert.Equal(201, (await gateway.Http.SubscribeAsync(subscription)).Status);
        await tap.PublishAsync(_messages["request"]);
        _messages["fuse"] = await tap.PeekAsync("fuse");
        _gatewayQueue = $"gateway.{Guid.Parse(_messages["fuse"].Member("gateway")):n}";

        await tap.PublishAsync("", "requests", _messages["request"] with { Body = "{" });
        _messages["problem"] = await tap.TakeAsync(Replies);
    }

    private async Task AnswerAsync(Tap tap)
    {
        foreach (var expert in new[] { "text-pieces", "text-letters", "image-light", "text-echo" })
        {
            _messages[$"analyze-{expert}"] = await tap.PeekAsync(Experts + expert);
        }

        var opinions = await tap.BindAsync("opinions", _messages["analyze-text-pieces"].Member("replyTo"));
        Directory.Delete(Path.Combine(dataFolder, "blobs"), recursive: true);

        // One after the other, because the combiner stops waiting when no opinion can change the label.
        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Image)))
        {
            _messages["declined"] = await tap.TakeAsync(opinions);
        }

        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text), ("Multimodal:Experts:Serve", "text-letters")))
        {
            _messages["answered-letters"] = await tap.TakeAsync(opinions);
        }

        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text), ("Multimodal:Experts:Serve", "text-pieces")))
        {
            _messages["answered"] = await tap.TakeAsync(opinions);
        }

        await tap.PeekAsync("results");
        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text), ("Multimodal:Experts:Serve", "text-echo")))
        {
            _messages["answered-late"] = await tap.TakeAsync(opinions);
        }
    }

    /// <summary>The gateway that accepted the request has stopped. Another records the answer and notifies the first one's queue.</summary>
    private async Task RecordAsync(Tap tap, Func<Task> whenAllRun)
    {
        var results = await tap.PeekAsync("results", 2);
        (_messages["answer"], _messages["shadow"]) = (results[0], results[1]);
        _messages["answer-for-client"] = await tap.TakeAsync("client.default.alarms");
        await tap.Channel.QueueDeclareAsync(_gatewayQueue, durable: false, exclusive: false, autoDelete: false);
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        _messages["recorded"] = await tap.TakeAsync(_gatewayQueue);
        _messages["reply"] = await tap.TakeAsync(Replies);
        await tap.Channel.QueueDeleteAsync(_gatewayQueue);
        await tap.Channel.QueueDeleteAsync(Replies);
        await using var text = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text));
        await whenAllRun();
    }

    private async Task<PipelineHost> StartAsync(Action<WebApplicationBuilder> role, params (string, string)[] settings) =>
        await PipelineHost.StartAsync(dataFolder, ensembles: null, role, [.. await transport.SettingsAsync(), .. Settings, .. settings]);
}
