using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>What a gateway finds out about results that other gateways recorded.</summary>
public sealed class SharedResultsTests() : StoreScenarios(null)
{
    private readonly ResultWaiters _waiters = new();
    private readonly ResultSignals _signals = new();

    [Fact]
    public async Task Poll_ResultOfAnotherGateway_CompletesItsWaiters()
    {
        var (answered, pending) = (Fuse(), Fuse());
        await Store.AddAsync(answered, null, "print");
        await Store.AddAsync(pending, null, "print");
        await Store.CompleteAsync(Combined(answered), "result", Noon);
        using var first = _waiters.Register(answered.RequestId);
        using var second = _waiters.Register(pending.RequestId);

        await Results().PollAsync(default);

        Assert.Equal("result", await first.WaitAsync(TimeSpan.Zero, TimeProvider.System, default));
        Assert.Null(await second.WaitAsync(TimeSpan.Zero, TimeProvider.System, default));
    }

    [Fact]
    public async Task Poll_ResultOfASubscription_SignalsItOnce()
    {
        var (subscription, log) = (await SubscribeAsync(), new EventLog(Database, Writer));
        using var listener = _signals.Listen("tenant", "live");
        var results = Results();
        await results.PollAsync(default);

        var next = listener.Next;
        await results.PollAsync(default);
        Assert.False(next.IsCompleted);

        await RecordAsync();
        await results.PollAsync(default);
        Assert.True(next.IsCompleted);

        // Another gateway may number the result before this one sees it.
        await RecordAsync();
        await log.EndAsync(subscription);
        next = listener.Next;
        await results.PollAsync(default);
        Assert.True(next.IsCompleted);

        next = listener.Next;
        await results.PollAsync(default);
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Poll_ManyWaiters_NeedsNoMoreStatements()
    {
        var statements = await SqliteStatements.TraceReadsAsync(Database);
        using var few = _waiters.Register(Guid.NewGuid());
        using var stream = _signals.Listen("tenant", "live");
        await Results().PollAsync(default);
        var expected = statements.Take().Count;

        var more = Enumerable.Range(0, 400).Select(_ => _waiters.Register(Guid.NewGuid())).ToArray();
        var streams = Enumerable.Range(0, 400).Select(number => _signals.Listen("tenant", $"live-{number}")).ToArray();
        await Results().PollAsync(default);

        Assert.Equal(2, expected);
        Assert.Equal(expected, statements.Take().Count);
        Array.ForEach(more, waiter => waiter.Dispose());
        Array.ForEach(streams, listener => listener.Dispose());
    }

    private SharedResults Results() => new(Store, new EventLog(Database, Writer), _waiters, _signals);

    private async Task<Subscription> SubscribeAsync()
    {
        var subscription = new Subscription
        {
            Tenant = "tenant",
            Name = "live",
            KindText = "events",
            StatusList = "",
            ExpiresSeconds = 60,
            CreatedAt = 1,
            ExpiresAt = long.MaxValue,
        };
        Assert.True(await new SubscriptionStore(Database, Writer, Secrets()).AddAsync(subscription, 10));
        return subscription;
    }

    private async Task RecordAsync()
    {
        var fuse = Fuse() with { Subscription = "live" };
        await Store.AddAsync(fuse, null, "print");
        await Store.CompleteAsync(Combined(fuse), "result", Noon);
    }
}
