using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Accepts requests and returns their results.</summary>
internal sealed class RequestEndpoints(
    RequestIntake intake,
    SubmissionReader reader,
    AdmissionControl admission,
    Readiness readiness,
    ResultReader results,
    GatewayOptions options,
    TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/requests", (RequestEndpoints endpoints, HttpContext http) => endpoints.PostAsync(http))
            .WithName("PostRequest")
            .WithTags("requests")
            .WithSummary("Ask an ensemble")
            .WithDescription(
                "Send any mix of text, image and audio, as multipart/form-data with the fields text, image, audio and options (JSON), or as "
                + "application/json with the same names and base64 for image and audio. A single file or text may also be the body itself, with its own "
                + "Content-Type (image/*, audio/*, text/plain) and the options as query parameters. The response is 202 with a Location, or the result "
                + "if 'Prefer: wait=N' (seconds) is sent and the result is ready in time. With an Idempotency-Key the call "
                + "can be repeated safely: it is accepted once. A request that equals an earlier one may get its answer, with the member 'cached'.")
            .Accepts<RequestBody>("multipart/form-data", "application/json", "*/*")
            .Produces<FusedAnswer>()
            .Produces<RequestReceipt>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(408).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
        routes.MapGet("/v1/requests/{id}", (RequestEndpoints endpoints, HttpContext http, string id) => endpoints.GetAsync(http, id))
            .WithName("GetRequest")
            .WithTags("requests")
            .WithSummary("Read a result")
            .WithDescription("Returns the result of a request, or its status while it is pending. 'Prefer: wait=N' waits up to N seconds for the result.")
            .Produces<FusedAnswer>()
            .Produces<RequestReceipt>(StatusCodes.Status202Accepted)
            .ProducesProblem(404);
    }

    private async Task<IResult> PostAsync(HttpContext http)
    {
        if (!readiness.IsReady)
        {
            return Problems.NotReady(readiness, options.RetryAfterSeconds);
        }

        var caller = Caller.Of(http);
        if (caller.Rate is { } rate && !rate.TryTake(out var wait))
        {
            return Problems.RateLimited((int)Math.Ceiling(wait.TotalSeconds));
        }

        if (!TryReadIdempotencyKey(http.Request, out var idempotencyKey))
        {
            return Problems.InvalidIdempotencyKey();
        }

        var identity = RequestIdentities.Of(http, caller, idempotencyKey);
        if (await admission.WaitForTurnAsync(identity, http.RequestAborted) is { } early)
        {
            return Overloaded(early);
        }

        var submission = await reader.ReadAsync(http.Request);
        if (submission.Value is null)
        {
            return submission.Problem!;
        }

        // A slot stands for work, so that slow uploads do not take slots. After a slow upload, the slot that was kept free for it may be taken.
        if (await admission.WaitForTurnAsync(identity, http.RequestAborted) is { } late)
        {
            return Overloaded(late);
        }

        using var slot = admission.TryEnter(identity, submission.Value.Options.Priority, out var retryAfter);
        if (slot is null)
        {
            return Overloaded(retryAfter);
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var request = new IncomingRequest(id, caller.Tenant, submission.Value)
        {
            IdempotencyKey = idempotencyKey,
            Cache = CacheDirectives.Read(http.Request.Headers.CacheControl),
        };
        return await AcceptAsync(http, request, slot);
    }

    private async Task<IResult> AcceptAsync(HttpContext http, IncomingRequest request, AdmissionControl.Slot slot)
    {
        using var registration = results.Register(request.Id);
        var outcome = await intake.AcceptAsync(request, slot, http.RequestAborted);
        if (outcome.Problem is not { RetryAfterSeconds: not null })
        {
            slot.EndPlace();
        }

        if (outcome.Value is not { } accepted)
        {
            return outcome.Problem!;
        }

        http.Response.Headers.Location = $"/v1/requests/{accepted.Id}";
        http.Response.Headers["Cache-Status"] = accepted.Cache.Value;
        http.Response.Headers.Age = accepted.Cache.AgeSeconds?.ToString(CultureInfo.InvariantCulture);
        if (accepted.IsReplay)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return await AnswerAsync(http, accepted.Id, RequestStatus.Accepted);
        }

        return await results.WaitAsync(http, accepted.Id, registration) is { } result ? Json(result) : Receipt(accepted.Id, RequestStatus.Accepted);
    }

    private async Task<IResult> GetAsync(HttpContext http, string idText)
    {
        if (!Guid.TryParse(idText, out var id))
        {
            return Problems.UnknownRequest();
        }

        return await AnswerAsync(http, id, RequestStatus.Running);
    }

    /// <summary>Returns the stored result, waits for it as long as the client wants, or returns a receipt.</summary>
    private async Task<IResult> AnswerAsync(HttpContext http, Guid id, RequestStatus pending)
    {
        using var registration = results.Register(id);
        if (await results.FindAsync(http, id) is not { } stored)
        {
            return Problems.UnknownRequest();
        }

        return (stored.Result ?? await results.WaitAsync(http, id, registration)) is { } result ? Json(result) : Receipt(id, pending);
    }

    private static Problem Overloaded(TimeSpan retryAfter) => Problems.Overloaded((int)retryAfter.TotalSeconds);

    private static bool TryReadIdempotencyKey(HttpRequest request, out string? key)
    {
        var header = request.Headers["Idempotency-Key"];
        key = header.Count == 0 ? null : header.ToString();
        return key is null || (header.Count == 1 && IdempotencyKey.IsValid(key));
    }

    /// <summary>Returns the stored bytes, so that a result never changes.</summary>
    private static IResult Json(string result) => Results.Text(result, "application/json");

    private static IResult Receipt(Guid id, RequestStatus status) => Results.Json(
        new RequestReceipt(id, status, $"/v1/requests/{id}"), JsonFormat.Options, statusCode: StatusCodes.Status202Accepted);
}
