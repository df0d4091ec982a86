using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Posts due deliveries. Each attempt is first claimed in the store for slightly longer than it can take. So one of several gateways makes
/// it, and if that gateway crashes, another makes the next attempt.
/// </summary>
internal sealed partial class WebhookSender(
    DeliveryStore store,
    WebhookClient client,
    ResultSignals signals,
    Readiness readiness,
    WebhookOptions options,
    TimeProvider time,
    ILogger<WebhookSender> logger) : BackgroundService
{
    private static readonly TimeSpan ClaimMargin = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Tenant, string Subscription), int> _perSubscription = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    private int MaxPerSubscription => Math.Max(1, options.Concurrency / 4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.Opened.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signals.Any.Next;
            if (!await StartDueAsync(stoppingToken))
            {
                using var poll = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(options.PollSeconds), time, poll.Token));
                await poll.CancelAsync();
            }
        }

        await Task.WhenAll(_running.Keys);
    }

    /// <returns>Whether any post was started, so that more may be due.</returns>
    private async Task<bool> StartDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            var free = options.Concurrency - _running.Count;
            var due = free > 0 ? await store.DueAsync(time.GetUtcNow(), MaxPerSubscription, free, cancellationToken) : [];
            var started = false;
            foreach (var delivery in due)
            {
                var busy = _perSubscription.GetValueOrDefault((delivery.Tenant, delivery.Subscription));
                if (busy < MaxPerSubscription && await store.ClaimAsync(delivery, time.GetUtcNow() + TimeSpan.FromSeconds(options.TimeoutSeconds) + ClaimMargin))
                {
                    Start(delivery, cancellationToken);
                    started = true;
                }
            }

            return started;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The store may be back at the next poll.
            if (exception is not StoreUnavailableException)
            {
                LogFailed(exception);
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Start(DueDelivery delivery, CancellationToken cancellationToken)
    {
        var key = (delivery.Tenant, delivery.Subscription);
        _perSubscription.AddOrUpdate(key, 1, (_, count) => count + 1);
        var sending = SendAsync(delivery, cancellationToken);
        _running.TryAdd(sending, 0);
        sending.ContinueWith(
            done =>
            {
                _running.TryRemove(done, out _);
                if (_perSubscription.AddOrUpdate(key, 0, (_, count) => count - 1) == 0)
                {
                    _perSubscription.TryRemove(KeyValuePair.Create(key, 0));
                }

                signals.Any.Set();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private async Task SendAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            var tries = (int)delivery.Tries + 1;
            var (isAccepted, outcome) = await client.PostAsync(delivery, cancellationToken);
            var now = time.GetUtcNow();
            if (isAccepted)
            {
                await store.SucceedAsync(delivery, outcome, now);
                PipelineMetrics.WebhookTried("accepted");
                return;
            }

            var isLast = tries >= options.MaxTries;
            await store.FailAsync(delivery, outcome, isLast ? null : now + WebhookSchedule.Delay(options, delivery.RequestId, tries));
            PipelineMetrics.WebhookTried(isLast ? "failed" : "retried");
            LogNotAccepted(delivery.Subscription, delivery.RequestId, tries, outcome);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The claim expires, and the attempt is repeated.
            if (exception is not StoreUnavailableException)
            {
                LogFailed(exception);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway is shutting down. The claim expires, and another gateway repeats the attempt.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook of subscription {Subscription} did not accept the result of request {RequestId}, attempt {Tries}: {Outcome}.")]
    private partial void LogNotAccepted(string subscription, Guid requestId, int tries, string outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Posting due webhook deliveries failed; the sender retries.")]
    private partial void LogFailed(Exception exception);
}
