using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>
/// Deletes expired subscriptions. The broker tracks the expiry of queues: if the row of a queue expires and the queue still exists, a
/// client has used it, and the row is renewed.
/// </summary>
internal sealed partial class SubscriptionKeeper(
    SubscriptionStore store,
    Readiness readiness,
    SubscriptionOptions options,
    TimeProvider time,
    ILogger<SubscriptionKeeper> logger,
    SubscriptionQueues? queues = null) : BackgroundService
{
    /// <summary>The broker starts the expiry time slightly later than the row.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SweepSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store or the broker may be back at the next sweep.
                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception);
                }
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in await store.ExpiredAsync(time.GetUtcNow() - Grace, cancellationToken))
        {
            if (queues is not null && subscription.Kind == SubscriptionKind.Queue && await queues.ExistsAsync(subscription, cancellationToken))
            {
                await store.RenewAsync(subscription.Tenant, subscription.Name, time.GetUtcNow());
            }
            else if (await store.RemoveAsync(subscription))
            {
                LogExpired(subscription.Name, subscription.Tenant);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Subscription {Subscription} of tenant {Tenant} expired without use and was deleted.")]
    private partial void LogExpired(string subscription, string tenant);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checking for expired subscriptions failed; the next sweep retries.")]
    private partial void LogFailed(Exception exception);
}
