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
        await ClosedLoop.RunAsync(Capacity, 4 * run.Each, AskAsync, run.Time);
        var capacity = (await ClosedLoop.RunAsync(Capacity, run.Each, AskAsync, run.Time)).PerSecond;
        var sizes = run.Sizes(512, 1, 8, 64, 512);
        var tails = sizes.ToDictionary(size => size, _ => new List<double>());
        var clients = Enumerable.Range(0, sizes[^1]).Select(_ => service.NewClient()).ToArray();
        try
        {
            // Connects.
            await Parallel.ForEachAsync(clients, cancellationToken, async (client, _) => await service.AskAsync(client, Body));
            var medians = await run.MeasureAsync(sizes, async size =>
            {
                var latencies = await IndependentAsync(run, service, clients[..size], capacity / 2);
                tails[size].Add(LoadFigures.Percentile(latencies, 0.99));
                return LoadFigures.Percentile(latencies, 0.5);
            });
            var waiting = await run.MeasureAsync(sizes, size => service.BusyCostAsync(size, run.Each, AskAsync));
            return
            [
                new Curve("latency p50 at half of the capacity", "ms", medians, GrowthBound.Ratio(10)),
                new Curve(
                    "latency p99 at half of the capacity", "ms", [.. sizes.Select(size => new CurvePoint(size, ClosedLoop.Median(tails[size].Skip(1))))], GrowthBound.Ratio(10)),
                new Curve("processor time of a request, clients that wait for their answers", "ms", waiting, GrowthBound.Ratio(1.3)),
            ];
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    private static object Body(int number) => new { text = Shape.Text(number), options = new { ensemble = Shape.Name } };

    private static Task<IReadOnlyList<double>> IndependentAsync(ScalingRun run, ScaledService service, HttpClient[] clients, double perSecond)
    {
        // Independent clients with random times make a Poisson stream, of which each request belongs to a random client.
        var random = new Random(Seed);
        return PacedLoad.RunAsync(
            PacedLoad.RandomTimes(perSecond, 3 * run.Each, random), () => service.AskAsync(clients[random.Next(clients.Length)], Body), run.Time);
    }
}
