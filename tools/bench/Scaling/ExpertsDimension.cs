using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.Scaling;

/// <summary>Experts of an ensemble. One service has an ensemble of each size.</summary>
internal sealed class ExpertsDimension : IDimension
{
    // A request that asks n experts costs n runs, and an answer lists all experts.
    private const double Proportional = 1.15;

    // The rule learned compares each two opinions, and each wave fuses all opinions so far.
    private const double Pairwise = 1.3;

    public string Name => "experts";

    public string Quantity => "experts of the ensemble";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(30, 1, 3, 10, 30, 100);
        await using var service = await ScaledService.StartAsync(
            run, Name, sizes.Select(size => new NoOpShape($"experts-{size}", size)), new Dictionary<string, string>(), cancellationToken);

        Task AskAsync(int size, Func<string, object> options) =>
            service.AskAsync(number => new { text = new NoOpShape("", size).Text(number), options = options($"experts-{size}") });
        async Task<Curve> CurveAsync(string name, double maxExponent, Func<string, object> options) => new(
            name,
            "ms",
            await run.MeasureAsync(sizes, size => service.BusyCostAsync(run.Each, () => AskAsync(size, options))),
            GrowthBound.Exponent(maxExponent));

        await service.WarmUpAsync(run, () => AskAsync(sizes[1], ensemble => new { ensemble }));
        return
        [
            await CurveAsync("request that asks one expert", Proportional, ensemble => new { ensemble, strategy = "top-k", k = 1 }),
            await CurveAsync("request that asks all at once, rule linear", Proportional, ensemble => new { ensemble, strategy = "soft", fusion = "linear" }),
            await CurveAsync("request that asks all at once, rule learned", Pairwise, ensemble => new { ensemble, strategy = "soft", fusion = "learned" }),
            await CurveAsync("request that asks all in waves, rule linear", Pairwise, ensemble => new { ensemble, strategy = "waves", fusion = "linear", price = 0 }),
        ];
    }
}
