using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Refreshes the trust cache periodically with what other gateways learned.</summary>
internal sealed partial class TrustRefresh(
    TrustCache cache, RequestDatabase database, Readiness readiness, TrustOptions options, TimeProvider time, ILogger<TrustRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.IsServer)
        {
            return;
        }

        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.RefreshSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await cache.RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store may be back at the next refresh. Until then the cached trust applies.
                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refreshing trust from the store failed; the next refresh retries.")]
    private partial void LogFailed(Exception exception);
}
