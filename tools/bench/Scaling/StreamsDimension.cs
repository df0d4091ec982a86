using System.Net.Http.Json;
using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>Open event streams.</summary>
internal sealed class StreamsDimension : IDimension
{
    private const double PerSecond = 100;
    private const string Shared = "shared";
    private static readonly NoOpShape Shape = new("streamed", 3);

    public string Name => "streams";

    public string Quantity => "open event streams";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Multimodal__Subscriptions__MaxPerTenant"] = "100000",
            ["Multimodal__Events__MaxStreams"] = "100000",
            ["Multimodal__Http__MaxConnections"] = "15000",
        };
        await using var service = await ScaledService.StartAsync(run, Name, [Shape], settings, cancellationToken);
        var sizes = run.Sizes(1000, 1, 100, 1000, 5000);
        await Parallel.ForAsync(0, sizes[^1], cancellationToken, async (number, cancel) => await SubscribeAsync(service, Own(number), cancel));
        await SubscribeAsync(service, Shared, cancellationToken);
        await service.WarmUpAsync(run, () => AskAsync(service, Shared));
        return
        [
            new Curve("request, 100 per second, streams of other subscriptions", "ms", await OthersAsync(run, service, sizes, cancellationToken), GrowthBound.Ratio(1.5)),
            new Curve("request whose result goes to all streams", "ms", await OwnAsync(run, service, sizes, cancellationToken), GrowthBound.Exponent(1.15)),
        ];
    }

    private static string Own(int number) => $"of-stream-{number}";

    private static Task<string> AskAsync(ScaledService service, string subscription) =>
        service.AskAsync(number => new { text = Shape.Text(number), options = new { ensemble = Shape.Name, subscription } });

    private static async Task SubscribeAsync(ScaledService service, string name, CancellationToken cancellationToken)
    {
        using var response = await service.Http.PostAsJsonAsync(new Uri("v1/subscriptions", UriKind.Relative), new { name, kind = "events" }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<CurvePoint>> OthersAsync(ScalingRun run, ScaledService service, int[] sizes, CancellationToken cancellationToken)
    {
        List<CurvePoint> points = [];
        await using var streams = new OpenStreams(service.Http);
        foreach (var size in sizes)
        {
            await streams.OpenAsync(size, Own, cancellationToken);
            points.AddRange(await run.MeasureAsync([size], _ => service.PacedCostAsync(PerSecond, run.Each, () => AskAsync(service, "none"))));
        }

        return points;
    }

    /// <summary>The cost until every stream has received the result.</summary>
    private static async Task<IReadOnlyList<CurvePoint>> OwnAsync(ScalingRun run, ScaledService service, int[] sizes, CancellationToken cancellationToken)
    {
        List<CurvePoint> points = [];
        await using var streams = new OpenStreams(service.Http);
        foreach (var size in sizes)
        {
            await streams.OpenAsync(size, _ => Shared, cancellationToken);
            points.AddRange(await run.MeasureAsync([size], _ => service.BusyCostAsync(1, run.Each, async () =>
            {
                var before = streams.Received;
                await AskAsync(service, Shared);
                while (streams.Received < before + size)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), run.Time, cancellationToken);
                }
            })));
        }

        return points;
    }
}
