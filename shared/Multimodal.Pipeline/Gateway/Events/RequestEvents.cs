using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>The result of one request as server-sent events.</summary>
internal sealed class RequestEvents(RequestStore requests, ResultWaiters waiters, EventStreams streams, EventOptions options, TimeProvider time)
{
    private const string AcceptedId = "1";
    private const string AnsweredId = "2";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/requests/{id}/events", (RequestEvents events, HttpContext http, string id) => events.GetAsync(http, id))
            .WithName("GetRequestEvents")
            .WithTags("requests")
            .WithSummary("Wait for one result")
            .WithDescription("Server-sent events: 'accepted', then 'result', then the stream ends. A client that reconnects after that receives 204, which tells it to stop.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(404).ProducesProblem(503);

    private async Task<IResult> GetAsync(HttpContext http, string idText)
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

        var lastEventId = http.Request.Headers["Last-Event-ID"].ToString();
        if (lastEventId == AnsweredId)
        {
            return Results.NoContent();
        }

        return await streams.RunAsync(http, async (stream, cancel) =>
        {
            stream.Begin(null);
            if (lastEventId != AcceptedId)
            {
                var receipt = new RequestReceipt(id, RequestStatus.Accepted, $"/v1/requests/{id}");
                stream.Add(AcceptedId, "accepted", JsonSerializer.Serialize(receipt, JsonFormat.Options));
            }

            await FollowAsync(stream, stored, registration, cancel);
        });
    }

    /// <summary>Writes the result, and heartbeats until it is recorded.</summary>
    private async Task FollowAsync(EventStream stream, StoredRequest request, ResultWaiters.Registration registration, CancellationToken cancellationToken)
    {
        var result = request.Result;
        var isReading = await stream.FlushAsync();
        while (isReading && result is null)
        {
            // The store is read too: after a lost connection, a result can be stored without a notification.
            result = await registration.WaitAsync(TimeSpan.FromSeconds(options.HeartbeatSeconds), time, cancellationToken)
                ?? (await requests.FindAsync(request.Tenant, request.Id, cancellationToken))?.Result;
            if (result is null)
            {
                stream.AddComment("heartbeat");
                isReading = await stream.FlushAsync();
            }
        }

        if (isReading)
        {
            stream.Add(AnsweredId, "result", result!);
            await stream.FlushAsync();
        }
    }
}
