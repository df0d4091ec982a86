using Multimodal.Tool.Commands;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Crash;

/// <summary>Posts requests to a service, kills it with SIGKILL on the way and starts it again, and counts what got lost.</summary>
internal sealed class CrashRun(ServiceProcess service, IReadOnlyList<LoadSample> samples, string dataFolder, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="requests">Requests to post.</param>
    /// <param name="kills">SIGKILLs on the way, at even shares of the accepted requests.</param>
    /// <param name="onKill">Told the number of each kill and of the requests accepted so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

            // The clients are in the middle of something: uploads, waits, accepted requests without an answer.
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
