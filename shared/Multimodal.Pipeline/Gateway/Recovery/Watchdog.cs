using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Resends stuck requests and deletes old ones at a fixed interval.</summary>
internal sealed partial class Watchdog(
    StuckRequests stuck, Retention retention, Readiness readiness, StoreOptions options, TimeProvider time, ILogger<Watchdog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.WatchdogSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                await stuck.ResendAsync(stoppingToken);
                await retention.DeleteOldAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Checking for stuck and old requests failed; the watchdog retries after its interval.")]
    private partial void LogFailed(Exception exception);
}
