using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Bench.Scaling;

/// <summary>What a gateway does with the request database.</summary>
internal sealed class StoreOperations(FilledStore store)
{
    private const int Many = 1000;
    private static readonly string[] Versions = ["v1"];
    private const int Few = 3;
    private const int Deleted = 30;
    private static readonly Subscription Live = new()
    {
        Tenant = FilledStore.Tenant,
        Name = "live",
        KindText = "events",
        StatusList = "",
        ExpiresSeconds = 1_000_000,
        CreatedAt = 1,
        ExpiresAt = long.MaxValue / 2,
    };

    private readonly Random _random = new(17);
    private readonly RolloutRecord _record = new(store.Database);
    private readonly DeliveryStore _deliveries = new(store.Database, store.Writer);
    private readonly EventLog _log = new(store.Database, store.Writer);
    private int _deleted;

    /// <summary>All operations.</summary>
    public IReadOnlyList<StoreOperation> All =>
    [
        new("accept and record the result", Many, AcceptAsync),
        new("find by id", Many, () => store.Requests.FindAsync(FilledStore.Tenant, FilledStore.Id(Row()), default)),
        new("find by idempotency key", Many, () => store.Requests.FindByKeyAsync(FilledStore.Tenant, $"key-{Row() / 10 * 10}", default)),
        new("feedback", Many, () => store.Requests.AddFeedbackAsync(FilledStore.Id(Row()), "1", FilledStore.DoneAt(0))),
        new("watchdog, nothing due", Many, WatchAsync),
        new("retention, nothing due", Many, () => store.Requests.DeleteAnsweredAsync(FilledStore.DoneAt(0))),
        new("retention, 30 rows due", Few, () => store.Requests.DeleteAnsweredAsync(FilledStore.DoneAt(_deleted += Deleted))),
        new("which of 500 payloads are answered", Few * 10, () => store.Requests.AnsweredAsync(Enumerable.Range(0, 500).Select(_ => FilledStore.Id(Row())), default)),
        new("due deliveries, none due", Many, () => _deliveries.DueAsync(FilledStore.DoneAt(0), 4, 16, default)),
        new("page of deliveries", Many, () => ListAsync(null)),
        new("page of failed deliveries, none failed", Many, () => ListAsync(DeliveryState.Failed)),
        new("page of events", Many, () => _log.ReadAsync(Live, _random.Next(store.Count / 25, store.Count / 20), 32, default)),
        new("results of each version", Few, () => _record.VersionsAsync(FilledStore.Tenant, FilledStore.Ensemble, Versions, default))
        {
            // Grows up to 100,000 answers, and then only as lookups do.
            Bound = GrowthBound.Exponent(0.35),
        },
        new("start: migration", Few, () => store.Database.MigrateAsync(default)),
    ];

    /// <summary>A row that is not deleted.</summary>
    private int Row() => _random.Next(store.Count / 2, store.Count);

    private async Task AcceptAsync()
    {
        var fuse = Fuse();
        await store.Requests.AddAsync(fuse, null, "print");
        await store.Requests.CompleteAsync(
            new AnswerCombined
            {
                Tenant = fuse.Tenant,
                Subscription = fuse.Subscription,
                Answer = AnswerAssembly.Failed(fuse, 1),
                Opinions = new Dictionary<string, IReadOnlyList<double>>(),
            },
            "result",
            FilledStore.DoneAt(store.Count));
    }

    private async Task WatchAsync()
    {
        await store.Requests.UnansweredAsync(FilledStore.DoneAt(store.Count), default);
        await store.Requests.SentAfterAsync(FilledStore.DoneAt(store.Count), default);
    }

    private Task<IReadOnlyList<DeliveryView>> ListAsync(DeliveryState? state) =>
        _deliveries.ListAsync(FilledStore.Tenant, FilledStore.Hook, new DeliveryQuery(state, null, 100), default);

    private static Fuse Fuse() => new()
    {
        RequestId = Guid.CreateVersion7(FilledStore.DoneAt(0)),
        Tenant = FilledStore.Tenant,
        Subscription = "default",
        Ensemble = FilledStore.Ensemble,
        Parts = [new MediaPart { Modality = Modality.Text, MediaType = "text/plain", Length = 2, Sha256 = "00", Inline = [1, 2] }],
        Plan = new ExecutionPlan
        {
            GateVersion = "v1",
            Strategy = "top-k",
            K = 1,
            Fusion = "linear",
            Experts = [new PlannedExpert("a", Modality.Text, 1, 0)],
            Skipped = [],
            Features = [0.1f],
            FeaturesMs = 0.2,
            GateMs = 0.01,
        },
        AcceptedAt = FilledStore.DoneAt(0),
        Deadline = FilledStore.DoneAt(0).AddSeconds(5),
    };
}
