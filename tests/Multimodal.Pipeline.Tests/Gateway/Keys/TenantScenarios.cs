using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Keys;

/// <summary>Two tenants in one service; each tries to see and touch what is the other's.</summary>
public abstract class TenantScenarios(TestTransport transport) : IDisposable
{
    private protected const string ShopKey = "mm_key-of-the-shop";
    private protected const string LabKey = "mm_key-of-the-lab";
    private protected const string Alarms = """{"subscription": "alarms"}""";
    private readonly ScratchFolder _folder = new();

    private protected TestTransport Transport => transport;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Request_OfAnotherTenant_IsNotFound()
    {
        await using var host = await StartAsync();
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        var result = await shop.PostAsync("zero");
        var never = Guid.CreateVersion7();

        foreach (var address in new[] { "v1/requests/{0}", "v1/requests/{0}/events" })
        {
            var theirs = await lab.ReadAsync(address.Replace("{0}", result.Id, StringComparison.Ordinal), wait: 1);
            var unknown = await lab.ReadAsync(address.Replace("{0}", never.ToString(), StringComparison.Ordinal), wait: 1);
            Assert.Equal((404, "request-not-found", unknown.Body), (theirs.Status, theirs.Code, theirs.Body));
        }

        var feedback = await lab.FeedbackAsync(result.Id, new { label = "1" });
        var own = await shop.FeedbackAsync(result.Id, new { label = "0" });

        Assert.Equal((404, "request-not-found"), (feedback.Status, feedback.Code));
        Assert.Equal(204, own.Status);
        Assert.Equal(result.Body, (await shop.ReadAsync($"v1/requests/{result.Id}")).Body);
    }

    [Fact]
    public async Task Request_ThatRuns_GivesItsAnswerToItsTenantOnly()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync([ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1)]);
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        var receipt = await shop.PostAsync("zero", wait: null);

        var theirs = lab.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
        var own = shop.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
        Assert.Equal(404, (await theirs).Status);
        release.SetResult();

        Assert.Equal((200, receipt.Id), ((await own).Status, (await own).Id));
    }

    [Fact]
    public async Task IdempotencyKey_InTwoTenants_IsTwoRequests()
    {
        await using var host = await StartAsync();
        using var shop = host.Client(ShopKey);
        using var second = host.Client(ShopSecondKey);
        using var lab = host.Client(LabKey);

        var ofShop = await shop.PostAsync(new RequestForm("zero", Key: "k"));
        var ofLab = await lab.PostAsync(new RequestForm("one", Key: "k"));
        var replay = await second.PostAsync(new RequestForm("zero", Key: "k"));

        Assert.Equal((200, 200), (ofShop.Status, ofLab.Status));
        Assert.NotEqual(ofShop.Id, ofLab.Id);
        Assert.False(ofLab.Headers.Contains("Idempotency-Replayed"));

        // Two keys of one tenant give access to the same resources.
        Assert.Equal(ofShop.Body, replay.Body);
        Assert.True(replay.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Subscription_OfAnotherTenant_IsNotThereAndTheSameNameIsFree()
    {
        await using var host = await StartAsync(("Multimodal:Subscriptions:MaxPerTenant", "1"));
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        await shop.SubscribeAsync(new { name = "alarms", kind = "events" });

        Assert.Equal("[]", (await lab.ReadAsync("v1/subscriptions")).Body);
        foreach (var address in new[] { "v1/subscriptions/alarms", "v1/subscriptions/alarms/deliveries", "v1/events?subscription=alarms" })
        {
            Assert.Equal((404, "subscription-not-found"), await StatusAsync(lab, address));
        }

        Assert.Equal(404, (await lab.EndAsync("alarms")).Status);
        var own = await lab.SubscribeAsync(new { name = "alarms", kind = "events", statuses = new[] { "failed" } });
        Assert.Equal(201, own.Status);
        Assert.Equal(204, (await lab.EndAsync("alarms")).Status);
        Assert.Equal(200, (await shop.ReadAsync("v1/subscriptions/alarms")).Status);
    }

    [Fact]
    public async Task Events_OfTheSameNameInTwoTenants_BringOnlyTheirOwn()
    {
        await using var host = await StartAsync();
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        await shop.SubscribeAsync(new { name = "alarms", kind = "events" });
        await lab.SubscribeAsync(new { name = "alarms", kind = "events" });
        using var ofShop = await EventReader.OpenAsync(shop, "v1/events?subscription=alarms");

        var first = await shop.PostAsync("zero", options: Alarms);
        var theirs = await lab.PostAsync("zero", options: Alarms);
        var second = await shop.PostAsync("zero", options: Alarms);
        var events = await ofShop.ReadAsync(2);

        // A position from the other tenant's stream gives no access to its events either.
        using var ofLab = await EventReader.OpenAsync(lab, "v1/events?subscription=alarms", ofShop.LastEventId.Split('-')[0] + "-0");
        var last = await ofLab.ReadAsync();

        Assert.Equal([first.Body, second.Body], events.Select(read => read.Data));
        Assert.Equal(theirs.Body, last!.Data);
    }

    [Fact]
    public async Task Delivery_OfAnotherTenant_IsNotListedAndNotRetried()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500);
        await using var host = await StartAsync(("Multimodal:Webhooks:AllowPrivateTargets", "true"), ("Multimodal:Webhooks:MaxTries", "1"));
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        foreach (var http in new[] { shop, lab })
        {
            await http.SubscribeAsync(new { name = "alarms", kind = "webhook", url = receiver.Url, secret = WebhookReceiver.Secret });
        }

        var result = await shop.PostAsync("zero", options: Alarms);
        await receiver.ReadAsync();
        Reply listed;
        while ((listed = await shop.ReadAsync("v1/subscriptions/alarms/deliveries?state=failed")).Json.GetProperty("deliveries").GetArrayLength() == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var retry = new Uri($"v1/subscriptions/alarms/deliveries/{result.Id}/retry", UriKind.Relative);
        using var theirs = await lab.PostAsync(retry, null);
        using var own = await shop.PostAsync(retry, null);

        Assert.Equal(result.Id, listed.Json.GetProperty("deliveries")[0].GetProperty("id").GetString());
        Assert.Equal(0, (await lab.ReadAsync("v1/subscriptions/alarms/deliveries")).Json.GetProperty("deliveries").GetArrayLength());
        Assert.Equal((404, 202), ((int)theirs.StatusCode, (int)own.StatusCode));
    }

    [Fact]
    public async Task Blobs_LieUnderTheirTenant()
    {
        var expert = ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1);
        await using var host = await StartAsync([expert], ("Multimodal:Blobs:InlineBytes", "0"), ("Multimodal:Blobs:KeepAfterAnswer", "true"));
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        var image = SampleMedia.Png(8);

        var ofShop = await shop.PostAsync(image: image);
        var ofLab = await lab.PostAsync(image: image);

        var blobs = Path.Combine(_folder.Path, "blobs");
        Assert.Equal(
            new[] { $"lab/{Guid.Parse(ofLab.Id):n}", $"shop/{Guid.Parse(ofShop.Id):n}" },
            Directory.GetDirectories(blobs).SelectMany(Directory.GetDirectories).Select(folder => Path.GetRelativePath(blobs, folder)).Order(StringComparer.Ordinal));
        Assert.All(expert.Media, media => Assert.Equal(image, media));
    }

    private protected const string ShopSecondKey = "mm_second-key-of-the-shop";

    private protected static async Task<(int, string?)> StatusAsync(HttpClient http, string address)
    {
        var reply = await http.ReadAsync(address);
        return (reply.Status, reply.Code);
    }

    private protected Task<PipelineHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], settings);

    private protected async Task<PipelineHost> StartAsync(IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await PipelineHost.StartAsync(
            _folder.Path,
            experts,
            [
                .. await transport.SettingsAsync(),
                ("Multimodal:Keys:shop:Sha256", ApiKey.Sha256(ShopKey)),
                ("Multimodal:Keys:shop:Tenant", "shop"),
                ("Multimodal:Keys:shop-2:Sha256", ApiKey.Sha256(ShopSecondKey)),
                ("Multimodal:Keys:shop-2:Tenant", "shop"),
                ("Multimodal:Keys:lab:Sha256", ApiKey.Sha256(LabKey)),
                ("Multimodal:Keys:lab:Tenant", "lab"),
                .. settings,
            ]);
}
