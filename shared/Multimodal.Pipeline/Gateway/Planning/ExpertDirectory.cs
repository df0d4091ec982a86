using System.Collections.Concurrent;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Who serves which expert: those of this process, and those of others that were heard of lately. Thread-safe.</summary>
/// <param name="here">The experts of this process.</param>
/// <param name="options">How long silence may last.</param>
/// <param name="time">The clock; silence is measured here, so other machines' clocks do not matter.</param>
internal sealed class ExpertDirectory(HostedExperts here, ExpertOptions options, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<Guid, Heard> _workers = new();

    /// <summary>Takes note of a heartbeat.</summary>
    public void Note(WorkerHeartbeat heartbeat)
    {
        PipelineMetrics.HeartbeatHeard();
        if (heartbeat.IsLeaving)
        {
            _workers.TryRemove(heartbeat.Worker, out _);
            return;
        }

        _workers[heartbeat.Worker] = new Heard(heartbeat, time.GetTimestamp());
    }

    /// <summary>Whether some process serves the expert.</summary>
    public bool IsServed(string ensemble, string expert) => here.Find(ensemble, expert) is not null || Served(ensemble, expert).Any();

    /// <summary>The expert in every process that serves it.</summary>
    public IReadOnlyList<ServedExpert> Find(string ensemble, string expert) => here.Describe(ensemble, expert) is { } local
        ? [local, .. Served(ensemble, expert)]
        : [.. Served(ensemble, expert)];

    /// <summary>
    /// How long what is asked of an expert now takes until it is answered, by what its workers said last: everything before it, at their pace
    /// together. Zero while they keep up.
    /// </summary>
    public TimeSpan Wait(string ensemble, string expert)
    {
        var workers = Find(ensemble, expert);
        var paces = workers.Where(worker => worker.ItemMs > 0).Select(worker => 1 / worker.ItemMs).ToArray();
        if (paces.Length == 0)
        {
            return TimeSpan.Zero;
        }

        // Each says what waits on the broker for all of them. One that was never busy is as fast as the others.
        var items = workers.Sum(worker => worker.Backlog) + workers.Max(worker => worker.Waiting);
        return TimeSpan.FromMilliseconds(items / (paces.Average() * workers.Count));
    }

    /// <summary>Waits until every expert has a worker, at most two heartbeat intervals: by then every running worker has sent a heartbeat.</summary>
    public async Task WaitForWorkersAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var timeout = TimeSpan.FromSeconds(options.HeartbeatSeconds * 2);
        while (time.GetElapsedTime(start) < timeout
            && ensembles.Any(ensemble => ensemble.Experts.Keys.Any(expert => !IsServed(ensemble.Name, expert))))
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private IEnumerable<ServedExpert> Served(string ensemble, string expert)
    {
        var timeout = TimeSpan.FromSeconds(options.SilenceSeconds);
        foreach (var (worker, heard) in _workers)
        {
            if (time.GetElapsedTime(heard.At) > timeout)
            {
                // Only this very entry: a heartbeat that came in between counts.
                _workers.TryRemove(KeyValuePair.Create(worker, heard));
            }
            else if (heard.Heartbeat.Experts.FirstOrDefault(served => served.Name == expert && served.Ensemble == ensemble) is { } found)
            {
                yield return found;
            }
        }
    }

    private sealed record Heard(WorkerHeartbeat Heartbeat, long At);
}
