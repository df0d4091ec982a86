using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>Ensembles of three experts that learn from feedback. Requests go to all ensembles in turn.</summary>
internal sealed class EnsemblesDimension : IDimension
{
    private const double PerSecond = 150;
    private const int Experts = 3;

    public string Name => "ensembles";

    public string Quantity => "ensembles";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(20, 1, 5, 20, 50);
        static NoOpShape Shape(int number) => new($"ensemble-{number}", Experts) { Learns = true };
        await using var services = await ServicesBySize.StartAsync(
            run, sizes, size => Enumerable.Range(0, size).Select(Shape), _ => [], cancellationToken);
        static Task AskAsync(ScaledService service, int size) =>
            service.AskAsync(number => new { text = Shape(0).Text(number), options = new { ensemble = Shape(number % size).Name } });
        await services.WarmUpAsync(run, AskAsync);
        var requests = await run.MeasureAsync(sizes, size => services[size].PacedCostAsync(PerSecond, run.Each, () => AskAsync(services[size], size)));
        var scrapes = await run.MeasureAsync(sizes, size => services[size].BusyCostAsync(run.Each, () => services[size].Http.GetStringAsync(new Uri("metrics", UriKind.Relative))));
        return
        [
            new Curve("request, 150 per second", "ms", requests, GrowthBound.Ratio(1.4)),
            new Curve("scrape of /metrics", "ms", scrapes, GrowthBound.Exponent(1.15)),
        ];
    }
}
