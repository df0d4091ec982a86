using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The contract of subscriptions on both transports.</summary>
public abstract class SubscriptionScenarios(TestTransport transport) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private protected TestTransport Transport => transport;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("{", 400, "malformed", "")]
    [InlineData("[]", 400, "malformed", "")]
    [InlineData("null", 400, "malformed", "")]
    [InlineData("""{"name": "a", "kind": "queue", "colour": 1}""", 400, "malformed", "")]
    [InlineData("""{"name": "a", "kind": "pigeon"}""", 400, "malformed", "")]
    [InlineData("""{"name": "a", "kind": "queue", "statuses": ["great"]}""", 400, "malformed", "")]
    [InlineData("{}", 400, "invalid-subscription", "kind,name")]
    [InlineData("""{"name": "a.b", "kind": 7, "statuses": [], "expiresSeconds": 0, "maxLength": 0}""", 400, "invalid-subscription", "expiresSeconds,kind,maxLength,name,statuses")]
    [InlineData("""{"name": "a", "kind": "webhook", "maxLength": 1}""", 400, "invalid-subscription", "maxLength,secret,url")]
    [InlineData("""{"name": "a", "kind": "queue", "maxLength": 0, "url": "x", "secret": "y"}""", 400, "invalid-subscription", "maxLength,secret,url")]
    public async Task Post_BadSubscription_IsRefusedAndNamesTheMistakes(string body, int status, string code, string fields)
    {
        await using var host = await StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await host.Http.PostAsync(new Uri("v1/subscriptions", UriKind.Relative), content);

        var reply = await Reply.FromAsync(response);

        Assert.Equal((status, code, "application/problem+json"), (reply.Status, reply.Code, reply.ContentType));
        var named = reply.Json.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(error => error.Name) : [];
        Assert.Equal(fields, string.Join(',', named));
        Assert.Equal(404, (await host.Http.ReadAsync("v1/subscriptions/a")).Status);
    }

    [Fact]
    public async Task Tenant_OfAnother_IsNeverSeen()
    {
        await using var host = await StartAsync();
        var other = new Subscription
        {
            Tenant = "other",
            Name = "alarms",
            KindText = "queue",
            StatusList = "",
            ExpiresSeconds = 60,
            MaxLength = 1,
            CreatedAt = 0,
            ExpiresAt = long.MaxValue,
        };
        Assert.True(await host.Get<SubscriptionStore>().AddAsync(other, 1));

        Assert.Equal("[]", (await host.Http.ReadAsync("v1/subscriptions")).Body);
        Assert.Equal((404, "subscription-not-found"), await StatusAsync(host, "alarms"));
        Assert.Equal(404, (await host.Http.EndAsync("alarms")).Status);
        Assert.NotNull(await host.Get<SubscriptionStore>().FindAsync("other", "alarms", default));
        Assert.False(await host.Get<SubscriptionStore>().AddAsync(other with { Name = "more" }, 1));
    }

    private protected static ScriptedExpert Expert() => ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);

    private protected static async Task<(int, string?)> StatusAsync(PipelineHost host, string name)
    {
        var reply = await host.Http.ReadAsync($"v1/subscriptions/{name}");
        return (reply.Status, reply.Code);
    }

    private protected Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) => StartAsync(experts, []);

    private protected async Task<PipelineHost> StartAsync(IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await PipelineHost.StartAsync(_folder.Path, experts.Count > 0 ? experts : [Expert()], [.. await transport.SettingsAsync(), .. settings]);
}
