using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>All refusals of the API, with status and code.</summary>
internal static class Problems
{
    public static Problem Malformed(string detail) => new(400, "malformed", detail);

    /// <param name="what">The document that is not JSON.</param>
    /// <param name="exception">Where it is not.</param>
    public static Problem Unreadable(string what, JsonException exception) => Malformed(
        exception.LineNumber is { } line && exception.BytePositionInLine is { } position
            ? $"The JSON of the {what} cannot be read at line {line + 1}, byte {position + 1}. Check its syntax, and that no object has two members of the same name."
            : $"The JSON of the {what} cannot be read: an object has two members of the same name. Remove one of them.");

    /// <param name="ignored">Names of fields without meaning for the service.</param>
    public static Problem EmptyRequest(IReadOnlyCollection<string> ignored) =>
        new(400, "empty-request", "The request has no content. Send at least one of the fields text, image and audio." + (ignored.Count == 0 ? ""
            : $" Other fields were ignored: {string.Join(", ", ignored.Take(10).Select(name => $"'{Shorten(name)}'"))}."));

    /// <param name="name">The field's name.</param>
    /// <param name="hint">What the client probably means; empty if unknown.</param>
    public static Problem UnknownPart(string name, string hint) =>
        new(400, "unknown-part", $"The request has an unknown field '{Shorten(name)}'. Use the fields text, image, audio and options.{hint}");

    public static Problem DuplicatePart(string name) =>
        new(400, "duplicate-part", $"The field '{name}' occurs twice. Send each field at most once.");

    public static Problem InvalidOptions(IReadOnlyDictionary<string, string> errors) =>
        new(400, "invalid-options", "Some options are invalid. Correct or omit the options listed in 'errors'.") { Errors = errors };

    public static Problem InvalidIdempotencyKey() =>
        new(400, "invalid-idempotency-key", "The Idempotency-Key header must have one value of 1 to 200 printable ASCII characters without spaces.");

    public static Problem InvalidMessageId() =>
        new(400, "invalid-message-id", "The AMQP message id must be 1 to 200 printable ASCII characters without spaces. A UUID is best, because it becomes the request's id.");

    public static Problem InvalidReplyTo() =>
        new(400, "invalid-reply-to", "The reply_to property names one of the service's own queues. Name a queue of the client.");

    public static Problem Unauthorized() =>
        new(401, "unauthorized", "The API key is missing or unknown. Send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'. The operator of the service issues keys.");

    public static Problem RateLimited(int retryAfterSeconds) =>
        new(429, "rate-limited", "The request rate of this API key is exceeded. Retry after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    /// <param name="sent">The header's value; null or empty if it is missing.</param>
    /// <param name="accepted">What the address accepts.</param>
    public static Problem UnsupportedContentType(string? sent, string accepted) => UnsupportedType(
        string.IsNullOrEmpty(sent) ? $"The request has no Content-Type. This address accepts {accepted}."
        : $"The Content-Type '{Shorten(sent)}' is not supported at this address. Send {accepted}.");

    /// <param name="sent">The content_type property of a message.</param>
    public static Problem UnsupportedMessageType(string sent) =>
        UnsupportedType($"The content_type '{Shorten(sent)}' of the message is not supported. Send application/json, with image and audio in base64.");

    public static Problem NoBoundary() =>
        UnsupportedType("The Content-Type multipart/form-data has no boundary of 1 to 200 characters. Let the HTTP library set the header, which knows the boundary.");

    /// <param name="sent">The Content-Type; null or empty if it is missing.</param>
    public static Problem UnknownBytes(string? sent) => UnsupportedType(
        $"The Content-Type {(string.IsNullOrEmpty(sent) ? "is missing" : $"'{Shorten(sent)}' does not say what the body is")}, and the bytes are not those of a known image or audio format. "
        + "Name the type in the header: Content-Type: text/plain for a text, application/json for JSON, multipart/form-data for a form.");

    public static Problem NotAForm() => UnsupportedType(
        "The Content-Type is application/x-www-form-urlencoded, which curl sends by default, but the body is not such a form and not a known image or audio format. "
        + "For a text add -H 'Content-Type: text/plain'; for a form use curl -F text=... or -F image=@FILE.");

    /// <param name="sent">The header's value.</param>
    /// <param name="supported">The codings that may be used.</param>
    public static Problem UnsupportedCoding(string sent, string supported) =>
        new(415, "unsupported-encoding", $"The Content-Encoding '{Shorten(sent)}' is not supported. Use one of {supported}, once, or send the body uncompressed.");

    public static Problem InvalidCoding(string coding) =>
        new(400, "malformed", $"The body is not valid {coding}, which its Content-Encoding declares: it is damaged or incomplete. Compress it again, or omit the header if the body is not compressed.");

    public static Problem DecodedTooLarge(int limit) =>
        new(413, "too-large", $"The decompressed request body is larger than {limit} bytes. Send a smaller image or a shorter recording.");

    public static Problem JsonNotUtf8() =>
        Malformed("The JSON is not valid UTF-8. Send UTF-8, or declare its charset in the Content-Type.");

    public static Problem UnpairedSurrogate(int offset) =>
        Malformed($"The JSON escapes only half of a surrogate pair at byte {offset + 1}. Write a character above U+FFFF as two \\u escapes, or send it in UTF-8.");

    /// <param name="charset">The declared charset.</param>
    /// <param name="what">What it was declared for.</param>
    public static Problem UnsupportedCharset(string charset, string what) =>
        new(415, "unsupported-charset", $"The charset '{Shorten(charset)}' of the {what} is not known. Send UTF-8.");

    /// <param name="charset">The declared charset.</param>
    /// <param name="what">What it was declared for.</param>
    public static Problem InvalidCharset(string charset, string what) =>
        new(422, "undecodable", $"The {what} is not valid {Shorten(charset)}, which it declares. Correct the charset, or send UTF-8.");

    public static Problem UnsupportedTransferEncoding(string encoding, string field) => new(
        415, "unsupported-encoding", $"The Content-Transfer-Encoding '{Shorten(encoding)}' of the field '{field}' is not supported. Use base64 or quoted-printable, or omit the header and send the bytes as they are.");

    public static Problem InvalidTransferEncoding(string encoding, string field) =>
        Malformed($"The field '{field}' is not valid {encoding}, which its Content-Transfer-Encoding declares. Encode it again, or omit the header and send the bytes as they are.");

    public static Problem BodyTooLarge(int limit, string advice = "Send a smaller image or a shorter recording.") =>
        new(413, "too-large", $"The request body is larger than {limit} bytes. {advice}");

    public static Problem PartTooLarge(string name, int limit) =>
        new(413, "too-large", $"The field '{name}' is larger than {limit} bytes. Send a smaller file or a shorter text.") { Errors = SingleError(name, $"at most {limit} bytes") };

    public static Problem UploadTimeout(int seconds) =>
        new(408, "upload-timeout", $"The request body did not arrive within {seconds} seconds. Send a smaller body or use a faster connection.");

    public static Problem NoExpert() =>
        new(422, "no-expert", "No expert of the ensemble matches the media and options of this request. Send another medium, or allow more experts in options.experts.");

    public static Problem IdempotencyKeyReused() =>
        new(422, "idempotency-key-reused", "This idempotency key was already used for a different request. Use a new key for a new request.");

    public static Problem UploadTooSlow(int bytesPerSecond) =>
        new(408, "upload-too-slow", $"The request body arrived at less than {bytesPerSecond} bytes per second. Send a smaller body or use a faster connection.");

    public static Problem UploadYielded() =>
        new(408, "upload-too-slow", "The gateway receives the maximum number of large bodies, and this one was the slowest. Send it again, or send a smaller body.");

    public static Problem UploadsBusy(int retryAfterSeconds) =>
        new(503, "overloaded", "The gateway receives the maximum number of large bodies. Retry after the time in Retry-After, or send a smaller body.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem Overloaded(int retryAfterSeconds) =>
        new(503, "overloaded", "The service is overloaded: the limit of requests in flight is reached. Send the request again after the time in Retry-After, with the same Idempotency-Key; the service admits it before newer ones.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem DeadlineUnreachable(int retryAfterSeconds) =>
        new(503, "deadline-unreachable", "The queues of the experts that this request needs are too long to meet its deadline. Retry after the time in Retry-After, or set a longer options.deadlineMs.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem Starting(int retryAfterSeconds) =>
        new(503, "starting", "The service is starting and has not loaded its models yet. Retry after the time in Retry-After; /health/ready reports when it is ready.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem NotReady(Readiness readiness, int retryAfterSeconds) =>
        readiness.IsClosed ? Stopping(retryAfterSeconds) : readiness.IsOpen ? BrokerUnavailable(retryAfterSeconds) : Starting(retryAfterSeconds);

    public static Problem Stopping(int retryAfterSeconds) =>
        new(503, "stopping", "The gateway is shutting down. Retry after the time in Retry-After; another gateway accepts the request.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem BrokerUnavailable(int retryAfterSeconds) =>
        new(503, "broker-unavailable", "The broker is unreachable or accepts no messages. Retry after the time in Retry-After; /health/ready reports when it is ready.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem NoWorker(int retryAfterSeconds) =>
        new(503, "no-worker", "No running worker serves the experts that this request needs. Retry after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem StoreUnavailable(int retryAfterSeconds) =>
        new(503, "store-unavailable", "The request store is unavailable. Retry after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem BlobsUnavailable(int retryAfterSeconds) =>
        new(503, "blobs-unavailable", "The payload store is unavailable. Retry after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem UnknownRequest() =>
        new(404, "request-not-found", "No request has this id, or its retention time has passed. Check the id, or post the request again.");

    public static Problem UnknownEnsemble() =>
        new(404, "ensemble-not-found", "No ensemble has this name. GET /v1/experts lists the ensembles.");

    public static Problem NotLearning() =>
        new(404, "not-learning", "This ensemble does not learn from feedback. To enable learning, add 'online' to its ensemble.json.");

    public static Problem InvalidWeights(string error) =>
        new(400, "invalid-weights", "The state is invalid; 'errors' lists the reasons. Send a document as GET on this address returns it.") { Errors = SingleError("state", error) };

    public static Problem UnknownSubscription() =>
        new(404, "subscription-not-found", "No subscription has this name, or it expired without use. Create it with POST /v1/subscriptions.");

    public static Problem InvalidSubscription(IReadOnlyDictionary<string, string> errors) =>
        new(400, "invalid-subscription", "Some fields of the subscription are invalid. Correct or omit the fields listed in 'errors'.") { Errors = errors };

    public static Problem SubscriptionDiffers() =>
        new(409, "subscription-differs", "A subscription of this name exists with different settings. Use another name, or delete it first.");

    public static Problem TooManySubscriptions(int max) =>
        new(409, "too-many-subscriptions", $"The tenant has {max} subscriptions, which is the maximum. Delete one that is no longer needed.");

    public static Problem NoBroker() =>
        new(422, "no-broker", "This service runs without a broker and cannot create queues. Use the kind webhook or events, or run the service with Multimodal:Transport:Kind=rabbitmq.");

    public static Problem NotAWebhook() =>
        new(409, "not-a-webhook", "This subscription is not a webhook and has no deliveries. Name a subscription of the kind webhook.");

    public static Problem NoFailedDelivery() =>
        new(404, "delivery-not-failed", "The subscription has no failed delivery with this id. GET /v1/subscriptions/{name}/deliveries?state=failed lists them.");

    public static Problem InvalidQuery(string name, string error) =>
        new(400, "invalid-query", "A query parameter is invalid. Correct or omit the parameter listed in 'errors'.") { Errors = SingleError(name, error) };

    public static Problem InvalidLastEventId() =>
        new(400, "invalid-last-event-id", "The Last-Event-ID header is not an id of this stream. Send the id of an event, send 0 for all stored results, or omit the header.");

    public static Problem TooManyStreams(int retryAfterSeconds) =>
        new(503, "too-many-streams", "The limit of open event streams is reached. Retry after the time in Retry-After, or read results with GET.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem ResultPending() =>
        new(409, "result-pending", "The request has no result yet. Send the feedback after the result is recorded.") { RetryAfterSeconds = 1 };

    public static Problem FeedbackDiffers() =>
        new(409, "feedback-differs", "Feedback with another label is already recorded for this request. Recorded feedback cannot be changed.");

    public static Problem UnknownLabel(IEnumerable<string> labels) =>
        new(422, "unknown-label", "The ensemble does not have this label. Send one of " + string.Join(", ", labels) + ".");

    /// <summary>Media errors by field. The first one decides the status.</summary>
    public static Problem Media(IReadOnlyList<(Modality Modality, MediaFailure Failure)> failures, int retryAfterSeconds)
    {
        var (modality, failure) = failures[0];
        var status = failure.Code switch
        {
            MediaFailureCode.Empty => 400,
            MediaFailureCode.TooLarge => 413,
            MediaFailureCode.UnsupportedType => 415,
            MediaFailureCode.Overloaded => 503,
            _ => 422,
        };
        var state = failure.Code == MediaFailureCode.Overloaded ? "cannot be decoded now" : "is invalid";
        return new Problem(status, JsonFormat.Kebab(failure.Code), $"The field '{JsonFormat.Kebab(modality)}' {state}. {failure.Detail}")
        {
            RetryAfterSeconds = failure.Code == MediaFailureCode.Overloaded ? retryAfterSeconds : null,
            Errors = failures.ToDictionary(entry => JsonFormat.Kebab(entry.Modality), entry => entry.Failure.Detail),
        };
    }

    /// <summary>Counted, but not sent: the client is gone.</summary>
    public static Problem ClientClosed() => new(ClientAbort.Status, "client-closed", "The client closed the connection.");

    /// <summary>The problem for a status that the web server or the routing set.</summary>
    public static Problem ForStatus(int status) => status switch
    {
        400 => Malformed("The request is not valid HTTP. Check its headers and its body."),
        404 => new Problem(404, "not-found", "Nothing exists at this address. See /openapi/v1.json for the addresses."),
        405 => new Problem(405, "method-not-allowed", "This address does not support the method. See /openapi/v1.json for the methods."),
        415 => UnsupportedType("The Content-Type is not supported at this address. Send application/json; see /openapi/v1.json."),
        >= 500 => new Problem(status, "internal-error", "The service failed unexpectedly; its log has the details. With an Idempotency-Key it is safe to retry."),
        _ => new Problem(status, "refused", "The request was refused. Check its headers and its body."),
    };

    private static Problem UnsupportedType(string detail) => new(415, "unsupported-content-type", detail);

    private static Dictionary<string, string> SingleError(string key, string error) => new() { [key] = error };

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40] + "...";
}
