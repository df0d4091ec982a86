using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Webhooks;

/// <summary>The contract of the store for deliveries on every database.</summary>
public abstract class DeliveryStoreScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private DeliveryStore Deliveries => new(Database, Writer);

    private SubscriptionStore Subscriptions => new(Database, Writer, Secrets());

    [Fact]
    public async Task Due_RecordedResult_IsDueOnceForItsSubscription()
    {
        await SubscribeAsync("hook");
        var wanted = await CompleteAsync("hook", Noon);
        await CompleteAsync("other", Noon);
        var repeat = await Store.CompleteAsync(Combined(wanted), "again", Noon.AddSeconds(1));

        var due = Assert.Single(await Deliveries.DueAsync(Noon, 10, 10, default));

        Assert.Equal((wanted.RequestId, "result", "https://example.org/", 0), (due.RequestId, due.Result, due.Url, due.Tries));
        Assert.Equal(Completion.Duplicate, repeat);
    }

    [Fact]
    public async Task Claim_ManyGateways_OneTriesAndTheNextWhenItsTimeIsOver()
    {
        await SubscribeAsync("hook");
        await CompleteAsync("hook", Noon);
        var due = (await Deliveries.DueAsync(Noon, 10, 10, default))[0];

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Deliveries.ClaimAsync(due, Noon.AddSeconds(15))));

        Assert.Single(claims, claim => claim);
        Assert.Empty(await Deliveries.DueAsync(Noon.AddSeconds(14), 10, 10, default));
        Assert.Equal(1, Assert.Single(await Deliveries.DueAsync(Noon.AddSeconds(15), 10, 10, default)).Tries);
    }

    [Fact]
    public async Task Due_OneSubscriptionHasMany_LeavesRoomForTheOthers()
    {
        await SubscribeAsync("busy");
        await SubscribeAsync("calm");
        for (var i = 0; i < 10; i++)
        {
            await CompleteAsync("busy", Noon.AddSeconds(-10 + i));
        }

        await CompleteAsync("calm", Noon);

        var due = await Deliveries.DueAsync(Noon, 3, 10, default);

        Assert.Equal(["busy", "busy", "busy", "calm"], due.Select(delivery => delivery.Subscription));
        Assert.Equal(2, (await Deliveries.DueAsync(Noon, 3, 2, default)).Count);
    }

    [Fact]
    public async Task Fail_UntilTheLast_WaitsAndThenIsListedUntilRetried()
    {
        await SubscribeAsync("hook");
        var request = await CompleteAsync("hook", Noon);
        var first = (await Deliveries.DueAsync(Noon, 10, 10, default))[0];
        await Deliveries.ClaimAsync(first, Noon.AddSeconds(15));

        await Deliveries.FailAsync(first, "500", Noon.AddSeconds(5));
        var waiting = Assert.Single(await ListAsync(DeliveryState.Waiting));
        var second = Assert.Single(await Deliveries.DueAsync(Noon.AddSeconds(5), 10, 10, default));
        await Deliveries.ClaimAsync(second, Noon.AddSeconds(20));
        await Deliveries.FailAsync(first, "late news of the first try", null);
        await Deliveries.FailAsync(second, "timeout", null);

        Assert.Equal((1, "500", Noon.AddSeconds(5)), (waiting.Tries, waiting.LastOutcome, waiting.NextTryAt));
        var failed = Assert.Single(await ListAsync(DeliveryState.Failed));
        Assert.Equal((request.RequestId, 2, "timeout", null), (failed.Id, failed.Tries, failed.LastOutcome, failed.NextTryAt));
        Assert.False(await Deliveries.RetryAsync("other", "hook", request.RequestId, Noon));
        Assert.True(await Deliveries.RetryAsync("tenant", "hook", request.RequestId, Noon.AddHours(1)));
        Assert.False(await Deliveries.RetryAsync("tenant", "hook", request.RequestId, Noon.AddHours(1)));
        Assert.Equal(0, Assert.Single(await Deliveries.DueAsync(Noon.AddHours(1), 10, 10, default)).Tries);
    }

    [Fact]
    public async Task Succeed_KeepsTheSubscriptionInUse()
    {
        await SubscribeAsync("hook");
        await CompleteAsync("hook", Noon);
        var due = (await Deliveries.DueAsync(Noon, 10, 10, default))[0];
        await Deliveries.ClaimAsync(due, Noon.AddSeconds(15));

        await Deliveries.SucceedAsync(due, "204", Noon.AddSeconds(10));
        var early = await Subscriptions.FindAsync("tenant", "hook", default);
        await Deliveries.SucceedAsync(due, "204", Noon.AddSeconds(40));
        var later = await Subscriptions.FindAsync("tenant", "hook", default);

        Assert.Equal("204", Assert.Single(await ListAsync(DeliveryState.Delivered)).LastOutcome);
        Assert.Equal(Noon.AddSeconds(60).ToUnixTimeMilliseconds(), early!.ExpiresAt);
        Assert.Equal(Noon.AddSeconds(100).ToUnixTimeMilliseconds(), later!.ExpiresAt);
    }

    [Fact]
    public async Task List_Pages_BringEachOnce()
    {
        await SubscribeAsync("hook");
        for (var i = 0; i < 5; i++)
        {
            await CompleteAsync("hook", Noon);
        }

        var first = await Deliveries.ListAsync("tenant", "hook", new DeliveryQuery(null, null, 3), default);
        var second = await Deliveries.ListAsync("tenant", "hook", new DeliveryQuery(null, first[^1].Id, 3), default);

        Assert.Equal((3, 2, 5), (first.Count, second.Count, first.Concat(second).Select(delivery => delivery.Id).Distinct().Count()));
        Assert.Empty(await Deliveries.ListAsync("other", "hook", new DeliveryQuery(null, null, 3), default));
    }

    [Fact]
    public async Task Forget_AndRemove_TakeDeliveriesToo()
    {
        await SubscribeAsync("hook");
        await CompleteAsync("hook", Noon);
        await CompleteAsync("hook", Noon.AddDays(1));

        await Store.DeleteAnsweredAsync(Noon.AddHours(1));
        Assert.Single(await Deliveries.ListAsync("tenant", "hook", new DeliveryQuery(null, null, 10), default));
        Assert.True(await Subscriptions.RemoveAsync((await Subscriptions.FindAsync("tenant", "hook", default))!));
        Assert.Empty(await Deliveries.ListAsync("tenant", "hook", new DeliveryQuery(null, null, 10), default));
    }

    private Task<IReadOnlyList<DeliveryView>> ListAsync(DeliveryState state) => Deliveries.ListAsync("tenant", "hook", new DeliveryQuery(state, null, 10), default);

    private Task<bool> SubscribeAsync(string name) => Subscriptions.AddAsync(
        new Subscription
        {
            Tenant = "tenant",
            Name = name,
            KindText = "webhook",
            StatusList = "",
            ExpiresSeconds = 60,
            Url = "https://example.org/",
            Secret = WebhookReceiver.Secret,
            CreatedAt = Noon.ToUnixTimeMilliseconds(),
            ExpiresAt = Noon.AddSeconds(60).ToUnixTimeMilliseconds(),
        },
        100);

    private async Task<Contracts.Commands.Fuse> CompleteAsync(string subscription, DateTimeOffset at)
    {
        var fuse = Fuse() with { Subscription = subscription };
        await Store.AddAsync(fuse, null, "print");
        await Store.CompleteAsync(Combined(fuse), "result", at);
        return fuse;
    }
}
