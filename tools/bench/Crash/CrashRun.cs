using Multimodal.Tool.Commands;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Crash;

/// <summary>Posts requests to a service, kills and restarts it meanwhile, and counts lost requests.</summary>
internal sealed class CrashRun(ServiceProcess service, IReadOnlyList<LoadSample> samples, string dataFolder, TimeProvider time)
{
    /// <summary>Runs the test.</summary>
    /// <param name="requests">Requests to post.</param>
    /// <param name="kills">SIGKILLs, spread evenly over the accepted requests.</param>
    /// <param name="onKill">Called after each kill with its number and the number of accepted requests.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<CrashOutcome> RunAsync(int requests, int kills, Action<int, int> onKill, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await service.StartAsync(cancellationToken);
        var load = new CrashLoad(service, samples, time);
        var posting = load.PostAllAsync(requests, cancellationToken);
        var killed = 0;
        while (killed < kills && !posting.IsCompleted)
        {
            if (load.Accepted < requests * (killed + 1) / (kills + 1))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
                continue;
            }

            // At this point the clients have uploads, waits and accepted requests without an answer in flight.
            await service.KillAsync(cancellationToken);
            onKill(++killed, load.Accepted);
            await service.StartAsync(cancellationToken);
        }

        await posting;
        var (lost, duplicated) = await load.CheckAllAsync(requests, cancellationToken);
        return new CrashOutcome(load.Accepted, killed, lost, duplicated, CountPayloads(), load.Retries, time.GetElapsedTime(start));
    }

    private int CountPayloads()
    {
        var folder = Path.Combine(dataFolder, "blobs");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length : 0;
    }
}
