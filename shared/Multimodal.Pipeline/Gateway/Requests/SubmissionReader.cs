using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads a request body, multipart or JSON, within the size limit of each field. File names are ignored.</summary>
internal sealed class SubmissionReader(
    GatewayOptions gatewayOptions, HttpOptions httpOptions, InferenceOptions inferenceOptions, UploadLimit uploads, TimeProvider time)
{
    private const string OptionsField = "options";
    private const int MaxOptionsBytes = 65_536;
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false };

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
            return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) switch
            {
                true when type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) && Boundary(type) is { } boundary =>
                    await ReadMultipartAsync(new MultipartReader(boundary, request.Body), either.Token),
                true when type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) =>
                    await ReadJsonAsync(request.Body, either.Token),
                _ => Problems.UnsupportedContentType(),
            };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Problems.UploadTimeout(httpOptions.UploadSeconds);
        }
        catch (OperationCanceledException) when (upload.End != UploadEnd.None)
        {
            return upload.End == UploadEnd.Yielded ? Problems.UploadYielded() : Problems.UploadsBusy(gatewayOptions.RetryAfterSeconds);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return Problems.UploadTooSlow(httpOptions.MinUploadBytesPerSecond);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.BodyTooLarge(httpOptions.MaxBodyBytes);
        }
        catch (JsonException exception)
        {
            return Unreadable(exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return Problems.Malformed("The multipart body is incomplete, or its boundary differs from the one in the Content-Type header. Check both and send it again.");
        }
    }

    /// <summary>Reads a JSON body that is completely in memory.</summary>
    public Outcome<Submission> ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, StrictJson);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            return Unreadable(exception);
        }
    }

    private static Problem Unreadable(JsonException exception) => Problems.Malformed(
        $"The JSON cannot be read at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}. Check its syntax, and that no object has two members of the same name.");

    private static string? Boundary(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70 } boundary ? boundary.ToString() : null;

    private async Task<Outcome<Submission>> ReadMultipartAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<Modality, ReadOnlyMemory<byte>>();
        byte[]? optionsJson = null;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } quoted)
            {
                return Problems.Malformed("A multipart section has no field name. Give each section a Content-Disposition header with the name of its field.");
            }

            var name = quoted.ToString();
            if (Limit(name) is not { } limit)
            {
                return Problems.UnknownPart(name);
            }

            if (name == OptionsField ? optionsJson is not null : parts.ContainsKey(ModalityOf(name)))
            {
                return Problems.DuplicatePart(name);
            }

            if (await ReadAsync(section.Body, limit, cancellationToken) is not { } content)
            {
                return Problems.PartTooLarge(name, limit);
            }

            if (name == OptionsField)
            {
                optionsJson = content;
            }
            else
            {
                parts.Add(ModalityOf(name), content);
            }
        }

        if (optionsJson is null)
        {
            return Finish(parts, null);
        }

        using var document = JsonDocument.Parse(optionsJson, StrictJson);
        return Finish(parts, document.RootElement);
    }

    private async Task<Outcome<Submission>> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(body, StrictJson, cancellationToken);
        return Read(document.RootElement);
    }

    private Outcome<Submission> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Problems.Malformed("The body must be a JSON object with the fields text, image, audio and options.");
        }

        var parts = new Dictionary<Modality, ReadOnlyMemory<byte>>();
        JsonElement? optionsJson = null;
        foreach (var property in json.EnumerateObject())
        {
            if (Limit(property.Name) is not { } limit)
            {
                return Problems.UnknownPart(property.Name);
            }

            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (property.Name == OptionsField)
            {
                optionsJson = property.Value;
                continue;
            }

            if (Content(property) is not { } content)
            {
                return Problems.Malformed(property.Name == "text"
                    ? "The field 'text' must be a valid Unicode string without unpaired surrogates."
                    : $"The field '{property.Name}' must be a base64 string (RFC 4648, section 4).");
            }

            if (content.Length > limit)
            {
                return Problems.PartTooLarge(property.Name, limit);
            }

            parts.Add(ModalityOf(property.Name), content);
        }

        return Finish(parts, optionsJson);
    }

    private Outcome<Submission> Finish(Dictionary<Modality, ReadOnlyMemory<byte>> parts, JsonElement? optionsJson)
    {
        if (parts.Count == 0)
        {
            return Problems.EmptyRequest();
        }

        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var read = optionsJson is { } json ? RequestOptionsReader.Read(json, gatewayOptions.MaxDeadlineMs, errors) : new MultimodalRequestOptions();
        return errors.Count == 0 ? new Submission(parts, read) : Problems.InvalidOptions(errors);
    }

    private static byte[]? Content(JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        if (property.Name != "text")
        {
            return property.Value.TryGetBytesFromBase64(out var bytes) ? bytes : null;
        }

        try
        {
            return Encoding.UTF8.GetBytes(property.Value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate such as \ud800 is valid JSON but not valid text.
            return null;
        }
    }

    /// <summary>Size limit of a field in bytes; null for an unknown field.</summary>
    private int? Limit(string name)
    {
        var media = inferenceOptions.Media;
        return name switch
        {
            "text" => media.TextBytes,
            "image" => media.ImageBytes,
            "audio" => media.AudioBytes,
            OptionsField => MaxOptionsBytes,
            _ => null,
        };
    }

    private static Modality ModalityOf(string name) => name switch
    {
        "text" => Modality.Text,
        "image" => Modality.Image,
        _ => Modality.Audio,
    };

    /// <returns>Null if the body exceeds the limit; the rest is not read.</returns>
    private static async Task<byte[]?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > limit)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
