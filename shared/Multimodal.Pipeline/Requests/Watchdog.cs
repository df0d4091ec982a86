using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Requests;

/// <summary>Sends stuck requests again, and forgets old ones.</summary>
internal sealed partial class Watchdog(
    RequestStore store,
    Resender resender,
    BlobFolder blobs,
    Readiness readiness,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<Watchdog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Store.WatchdogSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The store may be back at the next tick.
                LogFailed(exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var stuck in await store.UnansweredAsync(now - TimeSpan.FromSeconds(options.Store.GraceSeconds), cancellationToken))
        {
            await resender.ResendAsync(stuck);
        }

        foreach (var (tenant, id) in await store.ForgetAsync(now - TimeSpan.FromDays(options.Store.RetentionDays)))
        {
            blobs.Delete(tenant, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The watchdog could not look after the requests; it tries again.")]
    private partial void LogFailed(Exception exception);
}
