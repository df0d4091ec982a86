using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Every refusal that the HTTP API knows, with its status and code.</summary>
internal static class Problems
{
    public static Problem Malformed(string detail) => new(400, "malformed", detail);

    public static Problem EmptyRequest() =>
        new(400, "empty-request", "The request has no part. Send at least one of the fields text, image and audio.");

    public static Problem UnknownPart(string name) =>
        new(400, "unknown-part", $"There is no field '{Shorten(name)}'. The fields are text, image, audio and options.");

    public static Problem DuplicatePart(string name) =>
        new(400, "duplicate-part", $"The field '{name}' came twice. Send each field at most once.");

    public static Problem InvalidOptions(IReadOnlyDictionary<string, string> errors) =>
        new(400, "invalid-options", "Some options cannot be used; 'errors' says which and why. Correct or leave them out.") { Errors = errors };

    public static Problem InvalidIdempotencyKey() =>
        new(400, "invalid-idempotency-key", "The Idempotency-Key header must be one value of 1 to 200 printable ASCII characters.");

    public static Problem InvalidMessageId() =>
        new(400, "invalid-message-id", "The AMQP message id must be 1 to 200 printable ASCII characters; best a UUID, which becomes the request's id.");

    public static Problem InvalidReplyTo() =>
        new(400, "invalid-reply-to", "The reply queue is one of the service's own. Name a queue of the client.");

    public static Problem Unauthorized() =>
        new(401, "unauthorized", "This service wants an API key and got none that it knows. Send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'; whoever runs the service gives keys out.");

    public static Problem RateLimited(int retryAfterSeconds) =>
        new(429, "rate-limited", "This key posts more requests than it may. Try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem UnsupportedContentType() =>
        new(415, "unsupported-content-type", "Send multipart/form-data with a boundary, or application/json.");

    public static Problem BodyTooLarge(int limit, string wayOut = "Send a smaller image or a shorter recording.") =>
        new(413, "too-large", $"The request body may have at most {limit} bytes. {wayOut}");

    public static Problem PartTooLarge(string name, int limit) =>
        new(413, "too-large", $"The field '{name}' may have at most {limit} bytes.") { Errors = One(name, $"at most {limit} bytes") };

    public static Problem UploadTimeout(int seconds) =>
        new(408, "upload-timeout", $"The body did not arrive within {seconds} seconds. Send it again over a faster connection, or send less.");

    public static Problem NoExpert() =>
        new(422, "no-expert", "No expert of the ensemble can judge what was sent under these options. Send another medium, or allow more experts.");

    public static Problem IdempotencyKeyReused() =>
        new(422, "idempotency-key-reused", "This Idempotency-Key was used for another request. Use a new key for a new request.");

    public static Problem Full(int retryAfterSeconds) =>
        new(503, "overloaded", "As many requests are in flight as the service takes. Try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem TooSlow(int retryAfterSeconds) =>
        new(503, "deadline-unreachable", "So much waits for the experts that this request needs that none would answer in time. Try again after the time in Retry-After, or give it a longer deadlineMs.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem Starting(int retryAfterSeconds) =>
        new(503, "starting", "The models are not loaded yet. Try again after the time in Retry-After; /health/ready says when.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem NotReady(Readiness readiness, int retryAfterSeconds) =>
        readiness.IsClosed ? Stopping(retryAfterSeconds) : readiness.IsOpen ? BrokerAway(retryAfterSeconds) : Starting(retryAfterSeconds);

    public static Problem Stopping(int retryAfterSeconds) =>
        new(503, "stopping", "This process ends. Try again after the time in Retry-After; another one takes the request.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem BrokerAway(int retryAfterSeconds) =>
        new(503, "broker-unavailable", "The broker is away or takes no more messages. Try again after the time in Retry-After; /health/ready says when.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem NoWorker(int retryAfterSeconds) =>
        new(503, "no-worker", "No worker serves the experts that this request needs. Try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem StoreFailed(int retryAfterSeconds) =>
        new(503, "store-unavailable", "The request store cannot be used at this moment. Try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem BlobsFailed(int retryAfterSeconds) =>
        new(503, "blobs-unavailable", "The store of the payloads cannot be used at this moment. Try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem UnknownRequest() =>
        new(404, "request-not-found", "There is no request with this id, or it was answered so long ago that it is forgotten. Post it again.");

    public static Problem UnknownEnsemble() =>
        new(404, "ensemble-not-found", "There is no ensemble with this name. GET /v1/experts lists those there are.");

    public static Problem NotLearning() =>
        new(404, "not-learning", "This ensemble does not learn from feedback. Add 'online' to its ensemble.json to let it.");

    public static Problem InvalidWeights(string error) =>
        new(400, "invalid-weights", "The state cannot be used; 'errors' says why. Send a document that GET of this address gave.") { Errors = One("state", error) };

    public static Problem UnknownSubscription() =>
        new(404, "subscription-not-found", "There is no subscription with this name, or it was not used for so long that it ended. POST /v1/subscriptions makes it.");

    public static Problem InvalidSubscription(IReadOnlyDictionary<string, string> errors) =>
        new(400, "invalid-subscription", "Some fields cannot be used; 'errors' says which and why. Correct or leave them out.") { Errors = errors };

    public static Problem SubscriptionDiffers() =>
        new(409, "subscription-differs", "There is a subscription of this name that asks for something else. Use another name, or DELETE it first.");

    public static Problem TooManySubscriptions(int most) =>
        new(409, "too-many-subscriptions", $"There can be at most {most} subscriptions. DELETE one that is no longer needed.");

    public static Problem NoBroker() =>
        new(422, "no-broker", "This service runs without a broker, so it cannot make queues. Subscribe with the kind webhook or events, or run it with Multimodal:Transport:Kind=rabbitmq.");

    public static Problem NotAWebhook() =>
        new(409, "not-a-webhook", "Only results for a webhook are delivered; this subscription is of another kind.");

    public static Problem NoFailedDelivery() =>
        new(404, "delivery-not-failed", "The subscription has no failed delivery of this id. GET /v1/subscriptions/{name}/deliveries?state=failed lists them.");

    public static Problem InvalidQuery(string name, string error) =>
        new(400, "invalid-query", "A parameter of the address cannot be used; 'errors' says which and why.") { Errors = One(name, error) };

    public static Problem InvalidLastEventId() =>
        new(400, "invalid-last-event-id", "Send the id of an event of this stream as Last-Event-ID, or 0 for all that the store has, or leave it out.");

    public static Problem TooManyStreams(int retryAfterSeconds) =>
        new(503, "too-many-streams", "As many event streams are open as the service takes. Try again after the time in Retry-After, or ask for results by GET.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem ResultPending() =>
        new(409, "result-pending", "The request has no result yet. Send the feedback when it has one.") { RetryAfterSeconds = 1 };

    public static Problem FeedbackDiffers() =>
        new(409, "feedback-differs", "Another label is on record for this request and has been learned from; it cannot be changed.");

    public static Problem UnknownLabel(IEnumerable<string> labels) =>
        new(422, "unknown-label", "The label is none of the ensemble's: " + string.Join(", ", labels) + ".");

    /// <summary>What is wrong with the media, by field. The first failure decides the status.</summary>
    public static Problem Media(IReadOnlyList<(Modality Modality, MediaFailure Failure)> failures)
    {
        var (modality, failure) = failures[0];
        var status = failure.Code switch
        {
            MediaFailureCode.Empty => 400,
            MediaFailureCode.TooLarge => 413,
            MediaFailureCode.UnsupportedType => 415,
            _ => 422,
        };
        return new Problem(status, JsonFormat.Kebab(failure.Code), $"The field '{JsonFormat.Kebab(modality)}' cannot be used. {failure.Detail}")
        {
            Errors = failures.ToDictionary(entry => JsonFormat.Kebab(entry.Modality), entry => entry.Failure.Detail),
        };
    }

    /// <summary>A status that the server itself decided, outside our endpoints.</summary>
    public static Problem ForStatus(int status) => status switch
    {
        400 => Malformed("The request is not valid HTTP. Check its headers and its body."),
        404 => new Problem(404, "not-found", "There is nothing at this address. /openapi/v1.json lists the addresses."),
        405 => new Problem(405, "method-not-allowed", "This address does not take this method. /openapi/v1.json lists the methods."),
        415 => new Problem(415, "unsupported-content-type", "This address takes application/json."),
        >= 500 => new Problem(status, "internal-error", "Something failed in the service; its log says what. Sending the request again is safe with an Idempotency-Key."),
        _ => new Problem(status, "refused", "The request was refused."),
    };

    private static Dictionary<string, string> One(string key, string error) => new() { [key] = error };

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40] + "...";
}
