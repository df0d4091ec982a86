using Multimodal.Bench.Services;

namespace Multimodal.Bench.Chaos;

/// <summary>
/// Starts the services, loads them, injects faults and checks the results. A step that fails is recorded, and the others follow, so that every run ends
/// with a report.
/// </summary>
/// <param name="stack">The services.</param>
/// <param name="client">A client's queue.</param>
/// <param name="load">The clients.</param>
/// <param name="faults">The faults, injected at an even rate.</param>
/// <param name="time">The clock.</param>
internal sealed class ChaosRun(
    Stack stack, ClientQueue client, ChaosLoad load, IReadOnlyList<(string Name, Func<CancellationToken, Task> Inject)> faults, TimeProvider time)
{
    /// <summary>How long a service may take until it is ready again after the last fault.</summary>
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(1);
    private readonly List<string> _failures = [];

    /// <summary>Called when all services are ready.</summary>
    public Action OnStarted { get; init; } = () => { };

    /// <summary>Called with a line before each fault.</summary>
    public Action<string> OnFault { get; init; } = _ => { };

    /// <summary>The steps that failed, with the reason.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>The faults that were injected.</summary>
    public int Injected { get; private set; }

    /// <summary>The results; null if they were not checked.</summary>
    public ChaosOutcome? Outcome { get; private set; }

    /// <summary>Runs all steps, or those before the run is cancelled.</summary>
    public async Task RunAsync(int requests, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (!await StepAsync("start", stack.StartAsync, cancellationToken) || !await StepAsync("declaration of the client's queue", client.DeclareAsync, cancellationToken))
        {
            return;
        }

        OnStarted();
        var posting = load.PostAllAsync(requests, duration, cancellationToken);
        foreach (var (name, inject) in faults)
        {
            await StepAsync("pause", cancel => Task.Delay(duration / (faults.Count + 2), time, cancel), cancellationToken);
            if (!cancellationToken.IsCancellationRequested)
            {
                OnFault(name);
                Injected += await StepAsync(name, inject, cancellationToken) ? 1 : 0;
            }
        }

        await StepAsync("posting", _ => posting, cancellationToken);
        foreach (var service in stack.Services)
        {
            await StepAsync($"return of {service.Name}", cancel => service.ReadyAsync(ReadyTimeout, cancel), cancellationToken);
        }

        await StepAsync("check of the results", async cancel => Outcome = await load.CheckAllAsync(cancel), cancellationToken);
        await StepAsync("reading the client's queue", client.ReadAsync, cancellationToken);
    }

    /// <returns>Whether the step succeeded.</returns>
    private async Task<bool> StepAsync(string name, Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (_failures.LastOrDefault() is not { } last || !last.StartsWith("interrupted", StringComparison.Ordinal))
            {
                _failures.Add($"interrupted during: {name}");
            }

            return false;
        }
        catch (Exception exception)
        {
            _failures.Add($"{name}: {exception.Message}");
            return false;
        }
    }
}
