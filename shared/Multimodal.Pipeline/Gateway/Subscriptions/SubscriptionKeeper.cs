using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>
/// Ends subscriptions that nobody used for their time. For a queue the broker keeps that time: when it is over and the queue is
/// still there, somebody read from it, and the time starts anew.
/// </summary>
internal sealed partial class SubscriptionKeeper(
    SubscriptionStore store,
    Readiness readiness,
    SubscriptionOptions options,
    TimeProvider time,
    ILogger<SubscriptionKeeper> logger,
    SubscriptionQueues? queues = null) : BackgroundService
{
    /// <summary>The broker's clock starts a moment after the row's.</summary>
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
                // The store or the broker may be back at the next tick.
                LogFailed(exception);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in await store.EndingAsync(time.GetUtcNow() - Grace, cancellationToken))
        {
            if (queues is not null && subscription.Kind == SubscriptionKind.Queue && await queues.ExistsAsync(subscription, cancellationToken))
            {
                await store.RenewAsync(subscription.Tenant, subscription.Name, time.GetUtcNow());
            }
            else if (await store.RemoveAsync(subscription))
            {
                LogEnded(subscription.Name, subscription.Tenant);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The subscription {Subscription} of {Tenant} was not used for its time and has ended.")]
    private partial void LogEnded(string subscription, string tenant);

    [LoggerMessage(Level = LogLevel.Error, Message = "The keeper could not look after the subscriptions; it tries again.")]
    private partial void LogFailed(Exception exception);
}
