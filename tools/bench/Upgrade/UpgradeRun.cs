using Multimodal.Bench.Chaos;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Upgrade;

/// <summary>
/// Replaces the processes of a loaded stack by those of another build, one process after another and one type after another, forwards and back.
/// </summary>
/// <param name="stack">The services of the previous version.</param>
/// <param name="load">The clients.</param>
/// <param name="previous">Folder of the programs of the previous version.</param>
/// <param name="hold">Time under load before the first and after each type.</param>
/// <param name="time">The clock.</param>
internal sealed class UpgradeRun(Stack stack, ChaosLoad load, string previous, TimeSpan hold, TimeProvider time)
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);
    private static readonly string[] ExpertsFirst = ["expert", "combiner", "gateway"];
    private static readonly string[] GatewaysFirst = ["gateway", "combiner", "expert"];
    private readonly List<UpgradePhase> _phases = [];

    /// <summary>Called with a line before each phase.</summary>
    public Action<string> OnPhase { get; init; } = _ => { };

    /// <summary>The phases so far.</summary>
    public IReadOnlyList<UpgradePhase> Phases => _phases;

    /// <summary>Number of processes replaced.</summary>
    public int Replaced { get; private set; }

    /// <summary>Number of processes that did not stop within the timeout and were killed.</summary>
    public int Killed { get; private set; }

    /// <summary>Replaces all processes in both orders and both directions.</summary>
    /// <param name="isShort">Whether to go only one way, experts first, and back.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await BeginAsync("previous version", cancellationToken);
        await ReplaceAsync(ExpertsFirst, isForward: true, cancellationToken);
        await ReplaceAsync(GatewaysFirst, isForward: false, cancellationToken);
        if (!isShort)
        {
            await ReplaceAsync(GatewaysFirst, isForward: true, cancellationToken);
            await ReplaceAsync(ExpertsFirst, isForward: false, cancellationToken);
        }
    }

    private async Task ReplaceAsync(string[] order, bool isForward, CancellationToken cancellationToken)
    {
        foreach (var type in order)
        {
            await BeginAsync($"{type}s to {(isForward ? "this version" : "the previous version")}", cancellationToken, async () =>
            {
                // One process of each service at a time: the experts of the three media are different services.
                var services = stack.Services.Where(service => service.Name.Contains(type, StringComparison.Ordinal));
                foreach (var together in services.GroupBy(service => service.Name[^1]))
                {
                    var binaries = isForward ? StackService.OwnBinaries : previous;
                    var stopped = await Task.WhenAll(together.Select(service => stack.ReplaceAsync(service, binaries, StopTimeout, cancellationToken)));
                    Killed += stopped.Count(isClean => !isClean);
                    Replaced += stopped.Length;
                }
            });
        }
    }

    private async Task BeginAsync(string name, CancellationToken cancellationToken, Func<Task>? replace = null)
    {
        _phases.Add(new UpgradePhase(name, load.Posted));
        OnPhase(name);
        await (replace?.Invoke() ?? Task.CompletedTask);
        await Task.Delay(hold, time, cancellationToken);
    }
}
