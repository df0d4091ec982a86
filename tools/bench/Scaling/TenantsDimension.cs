using System.Net.Http.Json;
using Multimodal.Bench.PathBench;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Bench.Scaling;

/// <summary>Tenants with an API key each, and with trust learned from one feedback of each. Requests come from all tenants in turn.</summary>
internal sealed class TenantsDimension : IDimension
{
    private const double PerSecond = 150;
    private static readonly NoOpShape Shape = new("learning", 3) { Learns = true };

    public string Name => "tenants";

    public string Quantity => "tenants";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(100, 1, 10, 100, 1000);
        await using var services = await ServicesBySize.StartAsync(run, sizes, _ => [Shape], Settings, cancellationToken);
        foreach (var size in sizes)
        {
            await Parallel.ForAsync(0, size, cancellationToken, async (tenant, cancel) => await TeachAsync(services[size], tenant, cancel));
        }

        var next = 0;
        await services.WarmUpAsync(run, (service, size) => AskAsync(service, Interlocked.Increment(ref next) % size));
        var requests = await run.MeasureAsync(sizes, size => services[size].PacedCostAsync(
            PerSecond, run.Each, () => AskAsync(services[size], Interlocked.Increment(ref next) % size)));
        var scrapes = await run.MeasureAsync(sizes, size => services[size].BusyCostAsync(run.Each, () => services[size].Http.GetStringAsync(new Uri("metrics", UriKind.Relative))));
        return
        [
            new Curve("request, 150 per second", "ms", requests, GrowthBound.Ratio(1.4)),
            new Curve("scrape of /metrics", "ms", scrapes, GrowthBound.Exponent(1.15)),
        ];
    }

    private static string Key(int tenant) => $"key-of-tenant-{tenant}";

    private static Task<string> AskAsync(ScaledService service, int tenant) =>
        service.AskAsync(number => new { text = Shape.Text(number), options = new { ensemble = Shape.Name } }, Key(tenant));

    private static async Task TeachAsync(ScaledService service, int tenant, CancellationToken cancellationToken)
    {
        var id = await AskAsync(service, tenant);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"v1/requests/{id}/feedback", UriKind.Relative)) { Content = JsonContent.Create(new { label = "1" }) };
        request.Headers.Add("X-Api-Key", Key(tenant));
        using var response = await service.Http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static Dictionary<string, string> Settings(int tenants) => Enumerable.Range(0, tenants).SelectMany(tenant => new[]
    {
        KeyValuePair.Create($"Multimodal__Keys__tenant-{tenant}__Sha256", ApiKey.Sha256(Key(tenant))),
        KeyValuePair.Create($"Multimodal__Keys__tenant-{tenant}__Tenant", $"tenant-{tenant}"),
    }).ToDictionary();
}
