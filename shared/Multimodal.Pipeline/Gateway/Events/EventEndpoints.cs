using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>Results as server-sent events: all of a subscription, or the one of a request.</summary>
internal sealed partial class EventEndpoints(
    SubscriptionStore subscriptions,
    EventLog log,
    RecordedResults recorded,
    RequestStore requests,
    ResultWaiters waiters,
    IHostApplicationLifetime lifetime,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<EventEndpoints> logger)
{
    private const int Page = 32;
    private const string Accepted = "1";
    private const string Answered = "2";
    private int _streams;

    /// <summary>Streams that are open.</summary>
    public int Streams => Volatile.Read(ref _streams);

    private EventOptions Options => options.Events;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/events", (EventEndpoints endpoints, HttpContext http, string? subscription) => endpoints.GetAsync(http, subscription))
            .WithName("GetEvents")
            .WithTags("subscriptions")
            .WithSummary("Read results as they come")
            .WithDescription(
                "Server-sent events: one 'result' for each result of the subscription ('default' when none is named), from now on, or from the one after "
                + "Last-Event-ID; with 'Last-Event-ID: 0' all that the store still has. An event 'gap' says how many were forgotten in between.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/v1/requests/{id}/events", (EventEndpoints endpoints, HttpContext http, string id) => endpoints.GetOfRequestAsync(http, id))
            .WithName("GetRequestEvents")
            .WithTags("requests")
            .WithSummary("Wait for one result")
            .WithDescription("Server-sent events: 'accepted', then 'result', then the end. A client that comes back after that gets 204, which tells it to stop.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(404).ProducesProblem(503);
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
                ? await StreamAsync(http, (stream, cancel) => TailAsync(stream, subscription, end, cancel))
                : Problems.UnknownSubscription();
        }

        return Position(subscription, header.ToString()) is { } after
            ? await StreamAsync(http, (stream, cancel) => TailAsync(stream, subscription, after, cancel))
            : Problems.InvalidLastEventId();
    }

    private async Task<IResult> GetOfRequestAsync(HttpContext http, string idText)
    {
        if (!Guid.TryParse(idText, out var id))
        {
            return Problems.UnknownRequest();
        }

        using var registration = waiters.Register(id);
        if (await requests.FindAsync(Caller.Of(http).Tenant, id, http.RequestAborted) is not { } stored)
        {
            return Problems.UnknownRequest();
        }

        var seen = http.Request.Headers["Last-Event-ID"].ToString();
        if (seen == Answered)
        {
            return Microsoft.AspNetCore.Http.Results.NoContent();
        }

        return await StreamAsync(http, async (stream, cancel) =>
        {
            stream.Begin(null);
            if (seen != Accepted)
            {
                var receipt = new RequestReceipt(id, RequestStatus.Accepted, $"/v1/requests/{id}");
                stream.Add(Accepted, "accepted", JsonSerializer.Serialize(receipt, JsonFormat.Options));
            }

            await FollowAsync(stream, stored, registration, cancel);
        });
    }

    /// <summary>Runs a stream if there is room for one more, until the client or this process goes.</summary>
    private async Task<IResult> StreamAsync(HttpContext http, Func<EventStream, CancellationToken, Task> write)
    {
        if (Interlocked.Increment(ref _streams) > Options.MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            return Problems.TooManyStreams(options.Gateway.RetryAfterSeconds);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(http.Response, TimeSpan.FromSeconds(Options.SlowSeconds), time);
        try
        {
            await write(stream, end.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            stream.AddComment("this process stops; come back");
            await stream.FlushAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }

        return Microsoft.AspNetCore.Http.Results.Empty;
    }

    private async Task TailAsync(EventStream stream, Subscription subscription, long after, CancellationToken cancellationToken)
    {
        using var listener = recorded.Listen(subscription.Tenant, subscription.Name);
        var beat = TimeSpan.FromSeconds(Math.Min(Options.HeartbeatSeconds, subscription.ExpiresSeconds / 3.0));
        var isThere = await IsThereAsync(subscription, cancellationToken);
        var lastBeat = time.GetTimestamp();
        stream.Begin(Id(subscription, after));
        while (await stream.FlushAsync() && isThere)
        {
            IReadOnlyList<RecordedEvent> page = [];
            while (time.GetElapsedTime(lastBeat) < beat)
            {
                // Taken before the look: what is recorded during the look ends the wait after it.
                var next = listener.Next;
                page = await ReadAsync(subscription, after, cancellationToken);
                if (page.Count > 0)
                {
                    break;
                }

                await WaitAsync(next, beat, cancellationToken);
            }

            if (page.Count > 0)
            {
                Add(stream, subscription, after, page);
                after = page[^1].Number;
            }

            if (time.GetElapsedTime(lastBeat) >= beat)
            {
                isThere = await IsThereAsync(subscription, cancellationToken);
                lastBeat = time.GetTimestamp();
                stream.AddComment(isThere ? "heartbeat" : "the subscription has ended");
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

    /// <summary>Writes the result of one request when it comes.</summary>
    private async Task FollowAsync(EventStream stream, StoredRequest request, ResultWaiters.Registration registration, CancellationToken cancellationToken)
    {
        var result = request.Result;
        var isReading = await stream.FlushAsync();
        var quietSince = time.GetTimestamp();
        while (isReading && result is null)
        {
            result = await registration.WaitAsync(TimeSpan.FromSeconds(Options.PollSeconds), time, cancellationToken)
                ?? (await requests.FindAsync(request.Tenant, request.Id, cancellationToken))?.Result;
            if (result is null && time.GetElapsedTime(quietSince).TotalSeconds >= Options.HeartbeatSeconds)
            {
                stream.AddComment("heartbeat");
                isReading = await stream.FlushAsync();
                quietSince = time.GetTimestamp();
            }
        }

        if (isReading)
        {
            stream.Add(Answered, "result", result!);
            await stream.FlushAsync();
        }
    }

    /// <returns>Nothing while the store is away.</returns>
    private async Task<IReadOnlyList<RecordedEvent>> ReadAsync(Subscription subscription, long after, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ReadAsync(subscription, after, Page, cancellationToken);
        }
        catch (DbException exception)
        {
            LogStoreAway(exception);
            return [];
        }
    }

    /// <summary>An open stream is a use of the subscription.</summary>
    private async Task<bool> IsThereAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            var found = await subscriptions.FindAsync(subscription.Tenant, subscription.Name, cancellationToken);
            if (found?.CreatedAt != subscription.CreatedAt)
            {
                return false;
            }

            // A queue's time is the broker's, who knows nothing of streams.
            var now = time.GetUtcNow();
            if (found.Kind != SubscriptionKind.Queue && found.ExpiresAt - now.ToUnixTimeMilliseconds() < found.ExpiresSeconds * 500)
            {
                await subscriptions.RenewAsync(subscription.Tenant, subscription.Name, now);
            }
        }
        catch (DbException exception)
        {
            LogStoreAway(exception);
        }

        return true;
    }

    private async Task WaitAsync(Task next, TimeSpan beat, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var poll = TimeSpan.FromSeconds(Options.PollSeconds);
        await Task.WhenAny(next, Task.Delay(poll < beat ? poll : beat, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The subscription's birth is in the id, so that an id of an earlier one of the same name is not taken for a number of this.</summary>
    private static string Id(Subscription subscription, long number) => string.Create(CultureInfo.InvariantCulture, $"{subscription.CreatedAt}-{number}");

    /// <returns>The number in an id; 0 for one of an earlier subscription; null when it is none.</returns>
    private static long? Position(Subscription subscription, string id)
    {
        var parts = id.Split('-', 2);
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var birth))
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return birth == 0 ? 0 : null;
        }

        return long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? birth == subscription.CreatedAt ? number : 0
            : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store is away; event streams wait for it.")]
    private partial void LogStoreAway(Exception exception);
}
