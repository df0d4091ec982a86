using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Posts what is due. Each try is claimed in the store first, for a little longer than it can take; so one of several gateways
/// makes it, and when that gateway dies, another makes the next.
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
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Tenant, string Subscription), int> _perSubscription = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    private int MaxPerSubscription => Math.Max(1, options.Concurrency / 4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.Opened.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signals.Any.Next;
            if (!await LookAsync(stoppingToken))
            {
                using var poll = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(options.PollSeconds), time, poll.Token));
                await poll.CancelAsync();
            }
        }

        await Task.WhenAll(_running.Keys);
    }

    /// <returns>Whether anything was begun, so that there may be more.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var free = options.Concurrency - _running.Count;
            var due = free > 0 ? await store.DueAsync(time.GetUtcNow(), MaxPerSubscription, free, cancellationToken) : [];
            var begun = false;
            foreach (var delivery in due)
            {
                var busy = _perSubscription.GetValueOrDefault((delivery.Tenant, delivery.Subscription));
                if (busy < MaxPerSubscription && await store.ClaimAsync(delivery, time.GetUtcNow() + TimeSpan.FromSeconds(options.TimeoutSeconds) + Margin))
                {
                    Begin(delivery, cancellationToken);
                    begun = true;
                }
            }

            return begun;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The store may be back at the next look.
            LogFailed(exception);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Begin(DueDelivery delivery, CancellationToken cancellationToken)
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
            await store.FailAsync(delivery, outcome, isLast ? null : now + WebhookSchedule.Wait(options, delivery.RequestId, tries));
            PipelineMetrics.WebhookTried(isLast ? "failed" : "retried");
            LogNotAccepted(delivery.RequestId, delivery.Subscription, tries, outcome);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The claim runs out, and it is tried again.
            LogFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // This process stops; the claim runs out.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The result of request {RequestId} was not accepted by the webhook of {Subscription}, try {Tries}: {Outcome}.")]
    private partial void LogNotAccepted(Guid requestId, string subscription, int tries, string outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be looked after; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
