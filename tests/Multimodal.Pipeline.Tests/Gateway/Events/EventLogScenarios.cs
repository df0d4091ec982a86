using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The contract of the event log on every database.</summary>
public abstract class EventLogScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private readonly Subscription _subscription = new()
    {
        Tenant = "tenant",
        Name = "live",
        KindText = "events",
        StatusList = ",failed,",
        ExpiresSeconds = 60,
        CreatedAt = 1,
        ExpiresAt = long.MaxValue,
    };

    [Fact]
    public async Task Read_WhileManyGatewaysRecord_SeesEveryNumberOnce()
    {
        const int Gateways = 4;
        const int Each = 50;
        await SubscribeAsync();
        await using var other = new GroupedWriter(Database, 10);
        var stores = Enumerable.Range(0, Gateways).Select(i => new RequestStore(Database, i % 2 == 0 ? Writer : other, new BlobOptions())).ToArray();
        var logs = new[] { new EventLog(Database, Writer), new EventLog(Database, other) };

        var recording = Task.WhenAll(stores.Select(async store =>
        {
            for (var i = 0; i < Each; i++)
            {
                await RecordAsync(store, Noon.AddSeconds(i));
            }
        }));
        var readers = await Task.WhenAll(logs.Select(log => ReadAsync(log, Gateways * Each)));
        await recording;

        Assert.All(readers, seen => Assert.Equal(Enumerable.Range(1, Gateways * Each).Select(number => (long)number), seen.Select(read => read.Number)));
        Assert.Equal(Gateways * Each, readers[0].Select(read => read.Result).Distinct().Count());
        Assert.Equal(readers[0], readers[1]);
    }

    [Fact]
    public async Task End_LongBacklog_NumbersAllOfIt()
    {
        await SubscribeAsync();
        await Task.WhenAll(Enumerable.Range(0, 1100).Select(_ => RecordAsync(Store, Noon)));

        Assert.Equal(1100, await new EventLog(Database, Writer).EndAsync(_subscription));
        Assert.Equal(1100, await new EventLog(Database, Writer).EndAsync(_subscription));
        Assert.Null(await new EventLog(Database, Writer).EndAsync(_subscription with { CreatedAt = 2 }));
    }

    [Fact]
    public async Task Positions_SomeSubscriptions_TellWhatIsNumberedAndWhatIsNot()
    {
        await SubscribeAsync();
        var log = new EventLog(Database, Writer);
        (string, string)[] asked = [("tenant", "live"), ("tenant", "ended"), ("other", "live")];
        Assert.Equal([(0L, 0L)], (await log.PositionsAsync(asked, default)).Select(position => (position.Numbered, position.Unnumbered)));

        await RecordAsync(Store, Noon);
        await RecordAsync(Store, Noon);
        await log.EndAsync(_subscription);
        await RecordAsync(Store, Noon);

        var position = Assert.Single(await log.PositionsAsync(asked, default));
        Assert.Equal(("tenant", "live", 2L, 1L), (position.Tenant, position.Name, position.Numbered, position.Unnumbered));
        Assert.Empty(await log.PositionsAsync([], default));
    }

    [Fact]
    public async Task Read_OldResultsForgotten_NumbersGoOn()
    {
        await SubscribeAsync();
        var log = new EventLog(Database, Writer);
        await RecordAsync(Store, Noon);
        await RecordAsync(Store, Noon);
        await log.EndAsync(_subscription);
        await Store.DeleteAnsweredAsync(Noon.AddHours(1));
        await RecordAsync(Store, Noon.AddHours(2));

        Assert.Equal([3], (await log.ReadAsync(_subscription, 0, 10, default)).Select(read => read.Number));
    }

    private Task<bool> SubscribeAsync() => new SubscriptionStore(Database, Writer, Secrets()).AddAsync(_subscription, 1);

    private async Task<IReadOnlyList<RecordedEvent>> ReadAsync(EventLog log, int count)
    {
        var seen = new List<RecordedEvent>();
        while (seen.Count < count)
        {
            seen.AddRange(await log.ReadAsync(_subscription, seen.Count, 16, default));
        }

        return seen;
    }

    private static async Task RecordAsync(RequestStore store, DateTimeOffset at)
    {
        var fuse = Fuse() with { Subscription = "live" };
        await store.AddAsync(fuse, null, "print");
        await store.CompleteAsync(Combined(fuse), fuse.RequestId.ToString(), at);
    }
}
