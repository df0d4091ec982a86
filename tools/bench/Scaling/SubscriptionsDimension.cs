using System.Net.Http.Json;
using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>Subscriptions of one tenant, read as event streams. None of the streams is open.</summary>
internal sealed class SubscriptionsDimension : IDimension
{
    private const double PerSecond = 150;
    private static readonly NoOpShape Shape = new("subscribed", 3);

    public string Name => "subscriptions";

    public string Quantity => "subscriptions";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string> { ["Multimodal__Subscriptions__MaxPerTenant"] = "100000" };
        await using var service = await ScaledService.StartAsync(run, Name, [Shape], settings, cancellationToken);
        await service.WarmUpAsync(run, () => service.AskAsync(number => new { text = Shape.Text(number), options = new { ensemble = Shape.Name } }));
        var (others, subscribed, added) = (new List<CurvePoint>(), new List<CurvePoint>(), new List<CurvePoint>());
        var (count, shortLived) = (0, 0);
        foreach (var size in run.Sizes(1000, 1, 100, 1000, 10_000))
        {
            await Parallel.ForAsync(count, size, cancellationToken, async (number, cancel) => await AddAsync(service, number, cancel));
            count = size;
            others.Add(await PointAsync(run, size, () => service.PacedCostAsync(PerSecond, run.Each, () => service.AskAsync(
                number => new { text = Shape.Text(number), options = new { ensemble = Shape.Name, subscription = "none" } }))));
            subscribed.Add(await PointAsync(run, size, () => service.PacedCostAsync(PerSecond, run.Each, () => service.AskAsync(
                number => new { text = Shape.Text(number), options = new { ensemble = Shape.Name, subscription = NameOf(number % size) } }))));
            added.Add(await PointAsync(run, size, () => service.BusyCostAsync(run.Each, async () =>
            {
                var name = $"short-{Interlocked.Increment(ref shortLived)}";
                await AddAsync(service, name, cancellationToken);
                using var removed = await service.Http.DeleteAsync(new Uri($"v1/subscriptions/{name}", UriKind.Relative), cancellationToken);
                removed.EnsureSuccessStatusCode();
            })));
        }

        return
        [
            new Curve("request without a subscription, 150 per second", "ms", others, GrowthBound.Ratio(1.4)),
            new Curve("request for one of them, 150 per second", "ms", subscribed, GrowthBound.Ratio(1.4)),
            new Curve("adding and deleting one", "ms", added, GrowthBound.Ratio(2)),
        ];
    }

    private static async Task<CurvePoint> PointAsync(ScalingRun run, int size, Func<Task<double>> cost) => (await run.MeasureAsync([size], _ => cost()))[0];

    private static string NameOf(int number) => $"subscription-{number}";

    private static Task AddAsync(ScaledService service, int number, CancellationToken cancellationToken) => AddAsync(service, NameOf(number), cancellationToken);

    private static async Task AddAsync(ScaledService service, string name, CancellationToken cancellationToken)
    {
        using var response = await service.Http.PostAsJsonAsync(new Uri("v1/subscriptions", UriKind.Relative), new { name, kind = "events" }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
