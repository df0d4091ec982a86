using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>Labels of an ensemble with three experts. One service has an ensemble of each size.</summary>
internal sealed class LabelsDimension : IDimension
{
    private const int Experts = 3;

    // Every opinion and the answer have one number per label.
    private const double Proportional = 1.15;

    public string Name => "labels";

    public string Quantity => "labels of the ensemble";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(300, 2, 10, 30, 100, 300, 1000);
        NoOpShape Shape(int size) => new($"labels-{size}", Experts) { Labels = size };
        await using var service = await ScaledService.StartAsync(run, Name, sizes.Select(Shape), new Dictionary<string, string>(), cancellationToken);
        Task AskAsync(int size, string fusion) => service.AskAsync(
            number => new { text = Shape(size).Text(number), options = new { ensemble = Shape(size).Name, strategy = "soft", fusion } });
        await service.WarmUpAsync(run, () => AskAsync(sizes[1], "linear"));
        List<Curve> curves = [];
        foreach (var fusion in new[] { "linear", "dempster", "learned" })
        {
            var points = await run.MeasureAsync(sizes, size => service.BusyCostAsync(run.Each, () => AskAsync(size, fusion)));
            curves.Add(new Curve($"request, rule {fusion}", "ms", points, GrowthBound.Exponent(Proportional)));
        }

        return curves;
    }
}
