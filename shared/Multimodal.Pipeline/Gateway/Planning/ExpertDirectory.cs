using System.Collections.Concurrent;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>The workers of each expert: this process, and other processes with a recent heartbeat. Thread-safe.</summary>
/// <param name="local">The experts of this process.</param>
/// <param name="options">The heartbeat interval and timeout.</param>
/// <param name="time">The clock that measures the age of heartbeats. Clocks of other machines are not used.</param>
internal sealed class ExpertDirectory(HostedExperts local, ExpertOptions options, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<Guid, LastHeartbeat> _workers = new();

    /// <summary>Records a heartbeat.</summary>
    public void Record(WorkerHeartbeat heartbeat)
    {
        PipelineMetrics.HeartbeatReceived();
        if (heartbeat.IsLeaving)
        {
            _workers.TryRemove(heartbeat.Worker, out _);
            return;
        }

        var experts = new Dictionary<(string Ensemble, string Name), ServedExpert>();
        foreach (var served in heartbeat.Experts)
        {
            experts.TryAdd((served.Ensemble, served.Name), served);
        }

        _workers[heartbeat.Worker] = new LastHeartbeat(experts, time.GetTimestamp());
    }

    /// <summary>Whether a worker serves the expert.</summary>
    public bool IsServed(string ensemble, string expert) => local.Find(ensemble, expert) is not null || Served(ensemble, expert).Any();

    /// <summary>The expert as each of its workers reports it.</summary>
    public IReadOnlyList<ServedExpert> Find(string ensemble, string expert) => local.Describe(ensemble, expert) is { } localExpert
        ? [localExpert, .. Served(ensemble, expert)]
        : [.. Served(ensemble, expert)];

    /// <summary>
    /// Estimates how long a new item waits for an expert, from the last heartbeats of its workers: their queued items divided by their
    /// combined rate. Zero while the workers keep up.
    /// </summary>
    public TimeSpan EstimateWait(string ensemble, string expert)
    {
        var workers = Find(ensemble, expert);
        var rates = workers.Where(worker => worker.ItemMs > 0).Select(worker => 1 / worker.ItemMs).ToArray();
        if (rates.Length == 0)
        {
            return TimeSpan.Zero;
        }

        // Every worker reports the same broker queue, so it is counted once. A worker without a measured rate counts with the mean rate.
        var items = workers.Sum(worker => worker.Backlog) + workers.Max(worker => worker.Waiting);
        return TimeSpan.FromMilliseconds(items / (rates.Average() * workers.Count));
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
        foreach (var (worker, last) in _workers)
        {
            if (time.GetElapsedTime(last.At) > timeout)
            {
                // Removes only this entry: a heartbeat may have replaced it meanwhile.
                _workers.TryRemove(KeyValuePair.Create(worker, last));
            }
            else if (last.Experts.TryGetValue((ensemble, expert), out var found))
            {
                yield return found;
            }
        }
    }

    /// <param name="Experts">Its experts. Every request looks up each expert of its ensemble.</param>
    /// <param name="At">When it arrived.</param>
    private sealed record LastHeartbeat(Dictionary<(string Ensemble, string Name), ServedExpert> Experts, long At);
}
