using System.Globalization;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Planning;

namespace Multimodal.Bench.Scaling;

/// <summary>Experts that one other process serves, over all ensembles, when a gateway reads the load of three of them. In this process.</summary>
internal sealed class ServedDimension : IDimension
{
    private const int Asked = 3;
    private const int Times = 2000;
    private const string Ensemble = "ensemble";

    public string Name => "served";

    public string Quantity => "experts of a worker";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(1000, 3, 30, 300, 3000);
        var options = new ExpertOptions { SilenceSeconds = 3600 };
        var directories = sizes.ToDictionary(size => size, size =>
        {
            var directory = new ExpertDirectory(new HostedExperts(run.Time), options, run.Time);
            directory.Record(new WorkerHeartbeat { Worker = new Guid(1, 0, 0, new byte[8]), Experts = [.. Enumerable.Range(0, size).Select(Served)] });
            return directory;
        });
        return
        [
            new Curve("load of three experts", "ms", await run.MeasureAsync(sizes, size => Task.FromResult(Cost(directories[size], size))), GrowthBound.Ratio(2)),
        ];
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"expert-{number}");

    private static ServedExpert Served(int number) => new(Ensemble, NameOf(number), "1", "cpu", 1, 1, 2);

    /// <summary>The last experts that the worker lists.</summary>
    private static double Cost(ExpertDirectory directory, int size)
    {
        string[] names = [.. Enumerable.Range(size - Asked, Asked).Select(NameOf)];
        var before = Environment.CpuUsage.TotalTime;
        for (var number = 0; number < Times; number++)
        {
            foreach (var name in names)
            {
                if (!directory.IsServed(Ensemble, name) || directory.EstimateWait(Ensemble, name) <= TimeSpan.Zero)
                {
                    throw new InvalidOperationException($"{name} has no load.");
                }
            }
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Times;
    }
}
