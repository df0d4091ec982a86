using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Subscriptions;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>The results of a subscription as server-sent events.</summary>
internal sealed partial class SubscriptionEvents(
    SubscriptionStore subscriptions,
    EventLog log,
    ResultSignals signals,
    EventStreams streams,
    EventOptions options,
    TimeProvider time,
    ILogger<SubscriptionEvents> logger)
{
    private const int PageSize = 32;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/events", (SubscriptionEvents events, HttpContext http, string? subscription) => events.GetAsync(http, subscription))
            .WithName("GetEvents")
            .WithTags("subscriptions")
            .WithSummary("Read results as they come")
            .WithDescription(
                "Server-sent events: one 'result' per result of the subscription (by default 'default'). Starts with the next result, or after "
                + "Last-Event-ID; 'Last-Event-ID: 0' starts with the oldest stored result. A 'gap' event reports how many results were deleted in between.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private async Task<IResult> GetAsync(HttpContext http, string? name)
    {
        if (await subscriptions.FindAsync(Caller.Of(http).Tenant, name ?? "default", http.RequestAborted) is not { } subscription)
        {
            return Problems.UnknownSubscription();
        }

        if (http.Request.Headers["Last-Event-ID"] is not { Count: > 0 } header)
        {
            return await log.EndAsync(subscription) is { } end
                ? await streams.RunAsync(http, (stream, cancel) => TailAsync(stream, subscription, end, cancel))
                : Problems.UnknownSubscription();
        }

        return Position(subscription, header.ToString()) is { } after
            ? await streams.RunAsync(http, (stream, cancel) => TailAsync(stream, subscription, after, cancel))
            : Problems.InvalidLastEventId();
    }

    private async Task TailAsync(EventStream stream, Subscription subscription, long after, CancellationToken cancellationToken)
    {
        using var listener = signals.Listen(subscription.Tenant, subscription.Name);
        var heartbeat = TimeSpan.FromSeconds(Math.Min(options.HeartbeatSeconds, subscription.ExpiresSeconds / 3.0));
        var exists = await ExistsAsync(subscription, cancellationToken);
        var lastHeartbeat = time.GetTimestamp();
        stream.Begin(Id(subscription, after));
        Task? next = null;
        while (await stream.FlushAsync() && exists)
        {
            IReadOnlyList<RecordedEvent> page = [];
            while (page.Count == 0 && heartbeat - time.GetElapsedTime(lastHeartbeat) is { } left && left > TimeSpan.Zero)
            {
                if (next is null or { IsCompleted: true })
                {
                    // Taken before the read, so that a result recorded during the read ends the wait.
                    var signal = listener.Next;
                    var read = await TryReadAsync(subscription, after, cancellationToken);
                    page = read ?? [];

                    // After a full page or a failure, the next read does not wait for a signal.
                    next = read is { Count: 0 } ? signal : null;
                    left = read is null && left > RetryDelay ? RetryDelay : left;
                }

                if (page.Count == 0)
                {
                    await WaitAsync(next ?? listener.Next, left, cancellationToken);
                }
            }

            if (page.Count > 0)
            {
                Add(stream, subscription, after, page);
                after = page[^1].Number;
            }

            if (time.GetElapsedTime(lastHeartbeat) >= heartbeat)
            {
                exists = await ExistsAsync(subscription, cancellationToken);
                lastHeartbeat = time.GetTimestamp();
                stream.AddComment(exists ? "heartbeat" : "the subscription has ended");
            }
        }
    }

    private static void Add(EventStream stream, Subscription subscription, long after, IReadOnlyList<RecordedEvent> page)
    {
        if (page[0].Number > after + 1)
        {
            stream.Add(null, "gap", JsonSerializer.Serialize(new { missed = page[0].Number - after - 1 }, JsonFormat.Options));
        }

        foreach (var recordedEvent in page)
        {
            stream.Add(Id(subscription, recordedEvent.Number), "result", recordedEvent.Result);
        }
    }

    /// <returns>Null if the store is unavailable.</returns>
    private async Task<IReadOnlyList<RecordedEvent>?> TryReadAsync(Subscription subscription, long after, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ReadAsync(subscription, after, PageSize, cancellationToken);
        }
        catch (DbException exception)
        {
            if (exception is not StoreUnavailableException)
            {
                LogStoreUnavailable(exception);
            }

            return null;
        }
    }

    /// <summary>Whether the subscription still exists. An open stream counts as use, so its expiry time is extended.</summary>
    private async Task<bool> ExistsAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            var found = await subscriptions.FindAsync(subscription.Tenant, subscription.Name, cancellationToken);
            if (found?.CreatedAt != subscription.CreatedAt)
            {
                return false;
            }

            // The broker tracks the expiry of a queue, and it does not see event streams.
            var now = time.GetUtcNow();
            if (found.Kind != SubscriptionKind.Queue && found.ExpiresAt - now.ToUnixTimeMilliseconds() < found.ExpiresSeconds * 500)
            {
                await subscriptions.RenewAsync(subscription.Tenant, subscription.Name, now);
            }
        }
        catch (DbException exception)
        {
            if (exception is not StoreUnavailableException)
            {
                LogStoreUnavailable(exception);
            }
        }

        return true;
    }

    private async Task WaitAsync(Task next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(timeout, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// An event id. It contains the creation time, so that ids of an earlier subscription of the same name are recognized.
    /// </summary>
    private static string Id(Subscription subscription, long number) => string.Create(CultureInfo.InvariantCulture, $"{subscription.CreatedAt}-{number}");

    /// <returns>The number in an id; 0 if the id belongs to an earlier subscription; null if it is malformed.</returns>
    private static long? Position(Subscription subscription, string id)
    {
        var parts = id.Split('-', 2);
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt))
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return createdAt == 0 ? 0 : null;
        }

        return long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? createdAt == subscription.CreatedAt ? number : 0
            : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request store is unavailable; event streams wait until it is back.")]
    private partial void LogStoreUnavailable(Exception exception);
}
