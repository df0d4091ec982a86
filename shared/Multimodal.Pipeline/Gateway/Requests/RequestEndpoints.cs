using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Post a request, read what became of it.</summary>
internal sealed class RequestEndpoints(
    Intake intake,
    SubmissionReader reader,
    AdmissionControl admission,
    Readiness readiness,
    Drain drain,
    RequestStore store,
    ResultWaiters waiters,
    MultimodalOptions options,
    TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/requests", (RequestEndpoints endpoints, HttpContext http) => endpoints.PostAsync(http))
            .WithName("PostRequest")
            .WithTags("requests")
            .WithSummary("Ask an ensemble")
            .WithDescription(
                "Send any mix of text, image and audio, as multipart/form-data with the fields text, image, audio and options (JSON), or as "
                + "application/json with the same names and base64 for image and audio. The answer is 202 with a Location, or the result "
                + "itself when 'Prefer: wait=N' (seconds) is sent and the result is there in time. With an Idempotency-Key the same call "
                + "can be repeated at will: it is accepted once.")
            .Accepts<RequestBody>("multipart/form-data", "application/json")
            .Produces<FusedAnswer>()
            .Produces<RequestReceipt>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(408).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
        routes.MapGet("/v1/requests/{id}", (RequestEndpoints endpoints, HttpContext http, string id) => endpoints.GetAsync(http, id))
            .WithName("GetRequest")
            .WithTags("requests")
            .WithSummary("Read a result")
            .WithDescription("The result of a request, or its status while it runs. 'Prefer: wait=N' waits up to N seconds for the result.")
            .Produces<FusedAnswer>()
            .Produces<RequestReceipt>(StatusCodes.Status202Accepted)
            .ProducesProblem(404);
    }

    private async Task<IResult> PostAsync(HttpContext http)
    {
        if (!readiness.IsReady)
        {
            return Problems.NotReady(readiness, options.Gateway.RetryAfterSeconds);
        }

        var caller = Caller.Of(http);
        if (caller.Rate is { } rate && !rate.TryTake(out var wait))
        {
            return Problems.RateLimited((int)Math.Ceiling(wait.TotalSeconds));
        }

        // The place is taken before the body is read, so bodies in memory are bounded too.
        using var place = admission.TryEnter();
        if (place is null)
        {
            return Problems.Full(options.Gateway.RetryAfterSeconds);
        }

        if (!TryReadIdempotencyKey(http.Request, out var idempotencyKey))
        {
            return Problems.InvalidIdempotencyKey();
        }

        var submission = await reader.ReadAsync(http.Request);
        if (submission.Value is null)
        {
            return submission.Problem!;
        }

        if (!place.TryTake(submission.Value.Options.Priority))
        {
            return Problems.Full(options.Gateway.RetryAfterSeconds);
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        using var registration = waiters.Register(id);
        var outcome = await intake.AcceptAsync(id, caller.Tenant, submission.Value, idempotencyKey, place, http.RequestAborted);
        if (outcome.Value is not { } accepted)
        {
            return outcome.Problem!;
        }

        http.Response.Headers.Location = $"/v1/requests/{accepted.Id}";
        if (accepted.IsReplay)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return await AnswerAsync(http, accepted.Id, RequestStatus.Accepted);
        }

        return await WaitAsync(http, accepted.Id, registration) is { } result ? Json(result) : Receipt(accepted.Id, RequestStatus.Accepted);
    }

    private async Task<IResult> GetAsync(HttpContext http, string idText)
    {
        if (!Guid.TryParse(idText, out var id))
        {
            return Problems.UnknownRequest();
        }

        return await AnswerAsync(http, id, RequestStatus.Running);
    }

    /// <summary>The stored result, or the one that comes while the client is willing to wait, or a receipt.</summary>
    private async Task<IResult> AnswerAsync(HttpContext http, Guid id, RequestStatus pending)
    {
        using var registration = waiters.Register(id);
        if (await store.FindAsync(Caller.Of(http).Tenant, id, http.RequestAborted) is not { } stored)
        {
            return Problems.UnknownRequest();
        }

        return (stored.Result ?? await WaitAsync(http, id, registration)) is { } result ? Json(result) : Receipt(id, pending);
    }

    /// <summary>
    /// Waits for the result as long as the client wishes. This process is told of results that it recorded or whose request it
    /// accepted; others, and one whose notice got lost, it finds by looking.
    /// </summary>
    private async Task<string?> WaitAsync(HttpContext http, Guid id, ResultWaiters.Registration registration)
    {
        if (Prefer.WaitSeconds(http.Request.Headers["Prefer"]) is not { } wanted)
        {
            return null;
        }

        var seconds = Math.Min(wanted, options.Http.MaxWaitSeconds);
        http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}");
        var (start, patience) = (time.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        while (patience - time.GetElapsedTime(start) is { } left && left > TimeSpan.Zero && !drain.Over.IsCancellationRequested)
        {
            var result = await registration.WaitAsync(left < Look ? left : Look, time, http.RequestAborted)
                ?? (await store.FindAsync(Caller.Of(http).Tenant, id, http.RequestAborted))?.Result;
            if (result is not null)
            {
                return result;
            }
        }

        return null;
    }

    private static bool TryReadIdempotencyKey(HttpRequest request, out string? key)
    {
        var header = request.Headers["Idempotency-Key"];
        key = header.Count == 0 ? null : header.ToString();
        return key is null || (header.Count == 1 && IdempotencyKey.IsValid(key));
    }

    /// <summary>The bytes as stored, so that a result reads the same for ever.</summary>
    private static IResult Json(string result) => Microsoft.AspNetCore.Http.Results.Text(result, "application/json");

    private static IResult Receipt(Guid id, RequestStatus status) => Microsoft.AspNetCore.Http.Results.Json(
        new RequestReceipt(id, status, $"/v1/requests/{id}"), JsonFormat.Options, statusCode: StatusCodes.Status202Accepted);
}
