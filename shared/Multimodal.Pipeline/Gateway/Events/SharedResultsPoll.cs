using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>Checks a shared store at a fixed interval for results that other gateways recorded.</summary>
internal sealed partial class SharedResultsPoll(
    SharedResults results, RequestDatabase database, Readiness readiness, EventOptions options, TimeProvider time, ILogger<SharedResultsPoll> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.IsServer)
        {
            // This gateway records all results and notifies its waiters itself.
            return;
        }

        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.PollSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await results.PollAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store may be back at the next check.
                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Checking for results of other gateways failed; the next check retries.")]
    private partial void LogFailed(Exception exception);
}
