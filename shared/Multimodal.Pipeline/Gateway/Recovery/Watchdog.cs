using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Sends stuck requests again, and forgets old ones.</summary>
internal sealed partial class Watchdog(
    RequestStore store,
    Resender resender,
    IBlobStore blobs,
    AdmissionControl admission,
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
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store or the broker may be back at the next tick.
                LogFailed(exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = now - TimeSpan.FromSeconds(options.Store.GraceSeconds);
        await FreePlacesAsync(due, cancellationToken);
        foreach (var stuck in await store.UnansweredAsync(due, cancellationToken))
        {
            await resender.ResendAsync(stuck);
        }

        foreach (var (tenant, id) in await store.ForgetAsync(now - TimeSpan.FromDays(options.Store.RetentionDays)))
        {
            await blobs.DeleteAsync(tenant, id, cancellationToken);
        }
    }

    /// <summary>Another gateway may have recorded the answer, and its notice may have been lost.</summary>
    private async Task FreePlacesAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        var overdue = admission.DueBefore(due);
        var answered = await store.AnsweredAsync(overdue, cancellationToken);
        foreach (var id in overdue.Where(id => answered.GetValueOrDefault(id, true)))
        {
            admission.Leave(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The watchdog could not look after the requests; it tries again.")]
    private partial void LogFailed(Exception exception);
}
