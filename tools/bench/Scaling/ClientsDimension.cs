using Multimodal.Bench.Load;
using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>
/// Clients, each with its own connections. All of them together post half of the capacity, so the load per worker is the same for every number of
/// clients. Each client posts at random times, regardless of its earlier requests.
/// </summary>
internal sealed class ClientsDimension : IDimension
{
    private const int Capacity = 16;
    private const int Seed = 17;
    private static readonly NoOpShape Shape = new("asked", 3);

    public string Name => "clients";

    public string Quantity => "clients";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        await using var service = await ScaledService.StartAsync(run, Name, [Shape], new Dictionary<string, string>(), cancellationToken);
        Task AskAsync() => service.AskAsync(Body);
        await ClosedLoop.RunAsync(Capacity, 2 * run.Each, AskAsync, run.Time);
        var capacity = (await ClosedLoop.RunAsync(Capacity, run.Each, AskAsync, run.Time)).PerSecond;
        var sizes = run.Sizes(512, 1, 8, 64, 512);
        var tails = sizes.ToDictionary(size => size, _ => new List<double>());
        var medians = await run.MeasureAsync(sizes, async size =>
        {
            var latencies = await IndependentAsync(run, service, size, capacity / 2);
            tails[size].Add(LoadFigures.Percentile(latencies, 0.99));
            return LoadFigures.Percentile(latencies, 0.5);
        });
        var waiting = await run.MeasureAsync(sizes, size => service.BusyCostAsync(size, run.Each, AskAsync));
        return
        [
            new Curve("latency p50 at half of the capacity", "ms", medians, GrowthBound.Ratio(10)),
            new Curve("latency p99 at half of the capacity", "ms", [.. sizes.Select(size => new CurvePoint(size, ClosedLoop.Median(tails[size].Skip(1))))], GrowthBound.Ratio(10)),
            new Curve("processor time of a request, clients that wait for their answers", "ms", waiting, GrowthBound.Ratio(1.3)),
        ];
    }

    private static object Body(int number) => new { text = Shape.Text(number), options = new { ensemble = Shape.Name } };

    private static async Task<IReadOnlyList<double>> IndependentAsync(ScalingRun run, ScaledService service, int clients, double perSecond)
    {
        var random = new Random(Seed);
        var https = Enumerable.Range(0, clients).Select(_ => service.NewClient()).ToArray();
        try
        {
            // Independent clients with random times make a Poisson stream, of which each request belongs to a random client.
            return await PacedLoad.RunAsync(
                PacedLoad.RandomTimes(perSecond, 2 * run.Each, random), () => service.AskAsync(https[random.Next(clients)], Body), run.Time);
        }
        finally
        {
            Array.ForEach(https, http => http.Dispose());
        }
    }
}
