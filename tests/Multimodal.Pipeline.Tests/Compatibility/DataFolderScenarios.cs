using System.Text;
using System.Text.Json;
using Dapper;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using Npgsql;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A data folder of the previous build, whose process was killed, opened by this build.</summary>
public abstract class DataFolderScenarios(string? postgresql) : IDisposable
{
    internal const string AllOptions = """
        {"ensemble": "tiny", "gateVersion": "2", "strategy": "budget", "k": 2, "budget": 8.5, "experts": ["text-pieces", "text-letters"],
        "fusion": "linear", "deadlineMs": 20000, "priority": "low", "subscription": "feed"}
        """;

    internal const string UnansweredOptions = """{"experts": ["text-pieces"], "subscription": "feed"}""";

    /// <summary>The addresses whose responses were recorded, by file.</summary>
    internal static readonly (string File, string Address)[] Views =
    [
        ("experts.json", "v1/experts"),
        ("ensemble.json", "v1/ensembles/tiny"),
        ("weights.json", "v1/ensembles/tiny/weights"),
        ("subscriptions.json", "v1/subscriptions"),
        ("deliveries.json", "v1/subscriptions/hook/deliveries"),
    ];

    private static readonly string[] Unanswered = ["unanswered image", "unanswered text"];
    private readonly ScratchFolder _folder = new();

    private static Dictionary<string, string> Facts => Read("facts.json");

    private static Dictionary<string, string> Results => Read("results.json");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Start_Unanswered_IsAnsweredAsByThePreviousBuild()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);
        await SettledAsync(host.Http, Facts);

        foreach (var name in Unanswered)
        {
            var reply = await host.Http.ReadAsync($"v1/requests/{Facts[name]}");
            Assert.Equal(200, reply.Status);
            Assert.Empty(JsonDifference.Between(Results[name], reply.Body, Recorded.Timings));
        }

        foreach (var (file, address) in Views)
        {
            var view = await host.Http.ReadAsync(address);
            Assert.Empty(JsonDifference.Between(
                Recorded.Text("http", file), view.Body, ["url", "expiresAt", "recordedAt", "batchSize", "backlog"]));
        }
    }

    [Fact]
    public async Task Get_Answered_IsTheSameBytes()
    {
        await using var host = await StartAsync();

        foreach (var (name, result) in Results.Where(result => !Unanswered.Contains(result.Key)))
        {
            Assert.Equal((200, result), await BodyAsync(host, Facts[name]));
        }
    }

    [Fact]
    public async Task Post_SameKey_IsTheSameRequest()
    {
        await using var host = await StartAsync();

        var answered = await host.Http.PostAsync(new RequestForm("seven", Options: AllOptions, Key: "order-1"));
        var unanswered = await host.Http.PostAsync(new RequestForm("four", Options: UnansweredOptions, Key: "order-2"));
        var other = await host.Http.PostAsync(new RequestForm("eight", Options: AllOptions, Key: "order-1"));

        Assert.Equal((200, Results["full"]), (answered.Status, answered.Body));
        Assert.Equal((200, Facts["unanswered text"]), (unanswered.Status, unanswered.Id));
        Assert.All([answered, unanswered], reply => Assert.Equal(["true"], reply.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Code));
    }

    [Fact]
    public async Task Webhook_WhatWasNotDelivered_IsDelivered()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);

        var posts = new[] { await receiver.ReadAsync(), await receiver.ReadAsync() }.ToDictionary(post => post.Id);

        Assert.Equal(new[] { Facts["unanswered image"], Facts["waiting"] }.Order(), posts.Keys.Order());
        Assert.All(posts.Values, post => Assert.Null(post.Failure));
        Assert.Equal(Results["waiting"], posts[Facts["waiting"]].Body);
        Assert.Equal((200, posts[Facts["unanswered image"]].Body), await BodyAsync(host, Facts["unanswered image"]));
    }

    [Fact]
    public async Task Start_PlainWebhookSecret_IsEncrypted()
    {
        await using (await StartAsync())
        {
        }

        if (postgresql is not null)
        {
            await using var server = new NpgsqlConnection(postgresql);
            var stored = await server.QuerySingleAsync<string>("SELECT secret FROM subscriptions WHERE secret IS NOT NULL");
            Assert.StartsWith(SecretProtector.Prefix, stored, StringComparison.Ordinal);
            return;
        }

        Assert.True(Contains(Recorded.At("store", "requests.db"), WebhookReceiver.Secret));
        Assert.All(Directory.GetFiles(_folder.Path, "requests.db*"), file => Assert.False(Contains(file, WebhookReceiver.Secret), file));
    }

    [Fact]
    public async Task Events_LastEventIdOfThePreviousBuild_BringsWhatComesAfter()
    {
        await using var host = await StartAsync();
        using var all = await EventReader.OpenAsync(host.Http, "v1/events?subscription=feed", "0");
        using var later = await EventReader.OpenAsync(host.Http, "v1/events?subscription=feed", Facts["lastEventId"]);

        var read = await all.ReadAsync(4);

        Assert.Equal([Results["full"], Results["promoted"], Results["canary"]], read.Take(3).Select(one => one.Data));
        Assert.Equal(Facts["lastEventId"], read[0].Id);
        Assert.Equal(read.Skip(1), await later.ReadAsync(3));
    }

    [Fact]
    public async Task Feedback_OnAnAnswerOfThePreviousBuild_Teaches()
    {
        await using var host = await StartAsync();
        var before = await FeedbacksAsync(host);

        Assert.Equal(204, (await host.Http.FeedbackAsync(Facts["full"], new { label = "7" })).Status);
        Assert.Equal("feedback-differs", (await host.Http.FeedbackAsync(Facts["full"], new { label = "8" })).Code);
        Assert.Equal(before, await FeedbacksAsync(host));
        Assert.Equal(204, (await host.Http.FeedbackAsync(Facts["waiting"], new { label = "8" })).Status);
        Assert.Equal(before + 1, await FeedbacksAsync(host));
    }

    /// <summary>Waits until all requests are answered and all deliveries are done.</summary>
    internal static async Task SettledAsync(HttpClient http, Dictionary<string, string> facts)
    {
        foreach (var name in Unanswered)
        {
            Assert.Equal(200, (await http.ReadAsync($"v1/requests/{facts[name]}", wait: 30)).Status);
        }

        var start = TimeProvider.System.GetTimestamp();
        const string Delivered = "v1/subscriptions/hook/deliveries?state=delivered";
        while ((await http.ReadAsync(Delivered)).Json.GetProperty("deliveries").GetArrayLength() != 3)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "Three results should be delivered.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static bool Contains(string file, string text)
    {
        using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[open.Length];
        open.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private static Dictionary<string, string> Read(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Recorded.Text("http", file))!;

    private static async Task<(int, string)> BodyAsync(PipelineHost host, string id)
    {
        var reply = await host.Http.ReadAsync($"v1/requests/{id}", wait: 30);
        return (reply.Status, reply.Body);
    }

    private static async Task<int> FeedbacksAsync(PipelineHost host) =>
        (await host.Http.ReadAsync("v1/ensembles/tiny/weights")).Json.GetProperty("feedbacks").GetInt32();

    private async Task<PipelineHost> StartAsync(string hook = "http://127.0.0.1:1/hook")
    {
        Recorded.Copy(_folder.Path, "store");
        await DataFolderCopy.PrepareAsync(_folder.At("requests.db"), postgresql, hook);
        (string, string)[] server = postgresql is null
            ? []
            : [("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", postgresql)];
        return await PipelineHost.StartAsync(_folder.Path, [.. DataFolderRecording.Settings, .. server]);
    }
}
