using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Results posted to a real server.</summary>
public abstract class WebhookScenarios(TestTransport transport) : IDisposable
{
    private const string Hook = """{"subscription": "hook"}""";
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Webhook_FailsThreeTimes_IsPostedAgainUntilAccepted()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500, 302, 404);
        await using var host = await StartAsync();
        var made = await SubscribeAsync(host, receiver);

        var result = await host.Http.PostAsync("zero", options: Hook);
        await host.Http.PostAsync("zero");
        var posts = new[] { await receiver.ReadAsync(), await receiver.ReadAsync(), await receiver.ReadAsync(), await receiver.ReadAsync() };
        var delivered = await UntilAsync(host, "delivered");

        Assert.Equal((201, receiver.Url), (made.Status, made.Json.GetProperty("webhook").GetProperty("url").GetString()));
        Assert.DoesNotContain(WebhookReceiver.Secret, made.Body, StringComparison.Ordinal);
        Assert.All(posts, post => Assert.Equal(("POST /hook", result.Id, result.Body), (post.Target, post.Id, post.Body)));
        Assert.All(posts, post => Assert.Null(post.Failure));
        Assert.Equal((result.Id, 4, "204"), (delivered.Text("id"), delivered.Json.GetProperty("tries").GetInt32(), delivered.Text("lastOutcome")));
        Assert.Equal(0, receiver.Unread);
    }

    [Fact]
    public async Task Webhook_NeverAccepted_IsListedAsFailedAndCanBeRetried()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500, 500, 500, 503);
        await using var host = await StartAsync();
        await SubscribeAsync(host, receiver);

        var result = await host.Http.PostAsync("zero", options: Hook);
        var failed = await UntilAsync(host, "failed");
        var seen = receiver.Unread;
        using var retried = await host.Http.PostAsync(new Uri($"v1/subscriptions/hook/deliveries/{result.Id}/retry", UriKind.Relative), null);
        var delivered = await UntilAsync(host, "delivered");
        using var again = await host.Http.PostAsync(new Uri($"v1/subscriptions/hook/deliveries/{result.Id}/retry", UriKind.Relative), null);

        Assert.Equal((result.Id, 4, "503", 4), (failed.Text("id"), failed.Json.GetProperty("tries").GetInt32(), failed.Text("lastOutcome"), seen));
        Assert.Equal(202, (int)retried.StatusCode);
        Assert.Equal((1, "204"), (delivered.Json.GetProperty("tries").GetInt32(), delivered.Text("lastOutcome")));
        Assert.Equal("delivery-not-failed", (await Reply.FromAsync(again)).Code);
    }

    [Fact]
    public async Task Webhook_ReceiverIsSilent_IsGivenUpAfterItsTime()
    {
        await using var receiver = await WebhookReceiver.StartAsync(WebhookReceiver.Silence);
        await using var host = await StartAsync(("Multimodal:Webhooks:TimeoutSeconds", "0.1"), ("Multimodal:Webhooks:MaxTries", "1"));
        await SubscribeAsync(host, receiver);

        await host.Http.PostAsync("zero", options: Hook);
        var failed = await UntilAsync(host, "failed");

        Assert.Equal("timeout", failed.Text("lastOutcome"));
    }

    [Fact]
    public async Task Webhook_GatewayEndsInBetween_TheNextOnePosts()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500);
        Reply result;
        await using (var host = await StartAsync(("Multimodal:Webhooks:FirstWaitSeconds", "1")))
        {
            await SubscribeAsync(host, receiver);
            result = await host.Http.PostAsync("zero", options: Hook);
            await receiver.ReadAsync();
        }

        await using var next = await StartAsync();
        var post = await receiver.ReadAsync();

        Assert.Equal((result.Id, result.Body, null), (post.Id, post.Body, post.Failure));
        await UntilAsync(next, "delivered");
        Assert.Equal(0, receiver.Unread);
    }

    [Fact]
    public async Task Webhook_Statuses_PostsOnlyThose()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync();
        await SubscribeAsync(host, receiver, "failed");

        await host.Http.PostAsync("zero", options: Hook);

        Assert.Empty((await host.Http.ReadAsync("v1/subscriptions/hook/deliveries")).Json.GetProperty("deliveries").EnumerateArray());
    }

    [Fact]
    public async Task Webhook_PrivateTarget_IsRefusedAndNeverConnectedTo()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync(("Multimodal:Webhooks:AllowPrivateTargets", "false"));
        var refused = await SubscribeAsync(host, receiver);

        // Like a host name that resolved to a public address when it was checked.
        Assert.True(await host.Get<SubscriptionStore>().AddAsync(Row("default", receiver.Url), 10));
        await host.Http.PostAsync("zero", options: Hook);
        var failed = await UntilAsync(host, "failed");

        Assert.Equal((400, "invalid-subscription"), (refused.Status, refused.Code));
        Assert.Contains("AllowPrivateTargets", refused.Json.GetProperty("errors").GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(("target-not-allowed", 0), (failed.Text("lastOutcome"), receiver.Unread));
    }

    [Fact]
    public async Task Webhook_OfAnotherTenant_GetsNothingAndIsNotSeen()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync();
        await host.Get<SubscriptionStore>().AddAsync(Row("other", receiver.Url), 10);

        await host.Http.PostAsync("zero", options: Hook);
        var deliveries = await host.Http.ReadAsync("v1/subscriptions/hook/deliveries");

        Assert.Equal((404, "subscription-not-found"), (deliveries.Status, deliveries.Code));
        Assert.Empty(await host.Get<DeliveryStore>().ListAsync("other", "hook", new DeliveryQuery(null, null, 10), default));
    }

    [Theory]
    [InlineData("state=lost", "state")]
    [InlineData("limit=0", "limit")]
    public async Task Deliveries_BadQuery_IsRefused(string query, string field)
    {
        await using var host = await StartAsync();

        var reply = await host.Http.ReadAsync($"v1/subscriptions/hook/deliveries?{query}");

        Assert.Equal((400, "invalid-query"), (reply.Status, reply.Code));
        Assert.True(reply.Json.GetProperty("errors").TryGetProperty(field, out _));
    }

    private static Task<Reply> SubscribeAsync(PipelineHost host, WebhookReceiver receiver, params string[] statuses) => host.Http.SubscribeAsync(
        new { name = "hook", kind = "webhook", url = receiver.Url, secret = WebhookReceiver.Secret, statuses = statuses.Length > 0 ? statuses : null });

    private static Subscription Row(string tenant, string url) => new()
    {
        Tenant = tenant,
        Name = "hook",
        KindText = "webhook",
        StatusList = "",
        ExpiresSeconds = 60,
        Url = url,
        Secret = WebhookReceiver.Secret,
        CreatedAt = 0,
        ExpiresAt = long.MaxValue,
    };

    /// <summary>Waits until the only delivery has the given state.</summary>
    private static async Task<Reply> UntilAsync(PipelineHost host, string state)
    {
        while (true)
        {
            var listed = await host.Http.ReadAsync($"v1/subscriptions/hook/deliveries?state={state}");
            if (listed.Json.GetProperty("deliveries").EnumerateArray().ToArray() is [var only])
            {
                return listed with { Body = only.GetRawText() };
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private async Task<PipelineHost> StartAsync(params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] usual =
        [
            ("Multimodal:Webhooks:AllowPrivateTargets", "true"), ("Multimodal:Webhooks:MaxTries", "4"),
            ("Multimodal:Webhooks:FirstWaitSeconds", "0.02"), ("Multimodal:Webhooks:PollSeconds", "0.02"),
        ];
        return await PipelineHost.StartAsync(
            _folder.Path,
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)],
            [.. (await transport.SettingsAsync()).Concat(usual).Concat(settings).GroupBy(setting => setting.Key, (_, same) => same.Last())]);
    }
}
