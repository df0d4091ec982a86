using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Multimodal.Contracts.Requests;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads a request body within the size limit of each field: a form, JSON, a file or a text. File names are ignored.</summary>
internal sealed class SubmissionReader(
    GatewayOptions gatewayOptions, HttpOptions httpOptions, FormReader forms, JsonReader json, RawBodyReader raw, UploadLimit uploads, TimeProvider time)
{
    private const string Accepted =
        "multipart/form-data, application/json, application/x-www-form-urlencoded, or the type of a file (image/jpeg, audio/wav, text/plain and so on)";

    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private static readonly SearchValues<byte> BeforeJson = SearchValues.Create([(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF]);
    private static readonly SearchValues<byte> FormName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.[]%+&"u8);

    /// <summary>Reads the whole body.</summary>
    public async Task<Outcome<Submission>> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > httpOptions.MaxBodyBytes)
        {
            return Problems.BodyTooLarge(httpOptions.MaxBodyBytes);
        }

        // A body without Content-Length is cut off while it is read.
        if (request.ContentLength is null && request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = httpOptions.MaxBodyBytes;
        }

        using var upload = uploads.Begin(request);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(httpOptions.UploadSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, upload.Stopped, request.HttpContext.RequestAborted);
        try
        {
            return await ReadAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Problems.UploadTimeout(httpOptions.UploadSeconds);
        }
        catch (OperationCanceledException) when (upload.End != UploadEnd.None)
        {
            return upload.End == UploadEnd.Yielded ? Problems.UploadYielded() : Problems.UploadsBusy(gatewayOptions.RetryAfterSeconds);
        }
        catch (RefusedBodyException exception)
        {
            return exception.Problem;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return Problems.UploadTooSlow(httpOptions.MinUploadBytesPerSecond);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.BodyTooLarge(httpOptions.MaxBodyBytes);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException && !ClientAbort.Explains(exception, request.HttpContext))
        {
            return Problems.Malformed($"The request body cannot be read: {exception.Message} Check it and send it again.");
        }
        catch (IOException exception) when (!ClientAbort.Explains(exception, request.HttpContext))
        {
            return Problems.Malformed("The multipart body is incomplete, or its boundary differs from the one in the Content-Type header. Check both and send it again.");
        }
    }

    /// <summary>Reads a JSON body that is completely in memory.</summary>
    /// <param name="body">The document.</param>
    /// <param name="charset">The declared charset; null for none.</param>
    public Outcome<Submission> ReadJson(byte[] body, string? charset) => Finish(json.Read(body, charset), null);

    private async Task<Outcome<Submission>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var isFormOfPage = UnknownFields.IsFormOfPage(request);
        var isTyped = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var mediaType = isTyped ? type!.MediaType.ToString() : (request.ContentType ?? "").Split(';')[0].Trim();
        if (mediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return Boundary(request.ContentType!, type) is { } boundary
                ? Finish(await forms.ReadMultipartAsync(boundary, request.Body, isFormOfPage, cancellationToken), request)
                : Problems.NoBoundary();
        }

        if (JsonBody.IsJson(request.ContentType, out var charset))
        {
            return await ReadWholeAsync(request, cancellationToken) is { } body ? Finish(json.Read(body, charset), request) : Problems.BodyTooLarge(httpOptions.MaxBodyBytes);
        }

        if (RawBodyReader.FieldOf(mediaType) is { } field)
        {
            return Finish(await raw.ReadAsync(field, request.Body, charset, cancellationToken), request, isRaw: true);
        }

        var isForm = mediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase);
        if (!isForm && mediaType.Length > 0 && !mediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.UnsupportedContentType(request.ContentType, Accepted);
        }

        return await ReadWholeAsync(request, cancellationToken) is { } bytes
            ? ReadUntyped(request, bytes, isForm, isFormOfPage)
            : Problems.BodyTooLarge(httpOptions.MaxBodyBytes);
    }

    /// <summary>Reads a body whose Content-Type is missing, general, or the one that curl sends unless it is told another.</summary>
    private Outcome<Submission> ReadUntyped(HttpRequest request, byte[] body, bool isForm, bool isFormOfPage)
    {
        if (raw.Recognize(body) is { } field)
        {
            return Finish(raw.Single(field, body), request, isRaw: true);
        }

        if (LooksLikeJson(body))
        {
            return Finish(json.Read(body, null), request);
        }

        if (!isForm)
        {
            return Problems.UnknownBytes(request.ContentType);
        }

        return body.Length == 0 || LooksLikeForm(body) ? Finish(forms.ReadUrlEncoded(body, isFormOfPage), request) : Problems.NotAForm();
    }

    private Outcome<Submission> Finish(Outcome<SubmissionFields> outcome, HttpRequest? request, bool isRaw = false)
    {
        if (outcome.Value is not { } fields)
        {
            return outcome.Problem!;
        }

        if (fields.Parts.Count == 0)
        {
            return Problems.EmptyRequest(fields.Ignored);
        }

        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = new MultimodalRequestOptions();
        var inQuery = request is null ? null : QueryOptions.Read(request.Query, isRaw);
        if (inQuery is { } query)
        {
            options = RequestOptionsReader.Read(options, query, gatewayOptions.MaxDeadlineMs, errors);
        }

        try
        {
            if (fields.Options is not null)
            {
                using var document = JsonDocument.Parse(fields.Options, JsonReader.Strict);
                CheckSetOnce(document.RootElement, inQuery, errors);
                options = RequestOptionsReader.Read(options, document.RootElement, gatewayOptions.MaxDeadlineMs, errors);
            }
        }
        catch (JsonException exception)
        {
            return Problems.Unreadable("field 'options'", exception);
        }

        return errors.Count == 0 ? new Submission(fields.Parts, options) : Problems.InvalidOptions(errors);
    }

    private static void CheckSetOnce(JsonElement body, JsonElement? query, SortedDictionary<string, string> errors)
    {
        if (query is not { } set || body.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var name in body.EnumerateObject().Select(property => property.Name).Where(name => set.TryGetProperty(name, out _)))
        {
            errors[$"options.{name}"] = "is set in the body and in the query string; set it once";
        }
    }

    private Task<byte[]?> ReadWholeAsync(HttpRequest request, CancellationToken cancellationToken) =>
        BoundedBody.ReadAsync(request.Body, httpOptions.MaxBodyBytes, cancellationToken);

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        // A byte order mark, UTF-16 and white space may precede the brace.
        var first = body.IndexOfAnyExcept(BeforeJson);
        return first >= 0 && body[first] == '{';
    }

    /// <summary>Whether a body begins with the name of a field and an equals sign.</summary>
    private static bool LooksLikeForm(ReadOnlySpan<byte> body)
    {
        var equals = body.IndexOf((byte)'=');
        return equals > 0 && body[..equals].IndexOfAnyExcept(FormName) < 0;
    }

    /// <summary>Finds the boundary. Some clients do not quote one that the grammar requires quotes for.</summary>
    private static string? Boundary(string contentType, MediaTypeHeaderValue? type)
    {
        const string Name = "boundary=";
        var boundary = HeaderUtilities.RemoveQuotes(type?.Boundary ?? default).ToString();
        if (string.IsNullOrEmpty(boundary))
        {
            var start = contentType.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
            boundary = start < 0 ? "" : contentType[(start + Name.Length)..].Split(';')[0].Trim().Trim('"');
        }

        return boundary.Length is > 0 and <= 200 ? boundary : null;
    }
}
