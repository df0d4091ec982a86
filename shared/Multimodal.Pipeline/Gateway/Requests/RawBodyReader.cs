using Multimodal.Contracts.Values;
using Multimodal.Inference.Inspection;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads bodies that are one file or text instead of a form.</summary>
internal sealed class RawBodyReader(FieldLimits limits, InferenceOptions inferenceOptions)
{
    /// <summary>The field that a media type stands for; null if it does not say.</summary>
    public static string? FieldOf(string mediaType) =>
        mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? "image"

        // Recorders of browsers and phones call a sound in WebM or MP4 a video.
        : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
            || mediaType.Equals("application/ogg", StringComparison.OrdinalIgnoreCase) ? "audio"
        : mediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase) ? "text"
        : null;

    /// <summary>The field that bytes of unknown type belong to; null if they are neither an image nor a sound.</summary>
    public string? Recognize(ReadOnlySpan<byte> bytes) =>
        IsKnown(Modality.Image, bytes) ? "image" : IsKnown(Modality.Audio, bytes) ? "audio" : null;

    /// <summary>Reads a body into its field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="body">The body.</param>
    /// <param name="charset">The declared charset of a text; null for none.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public async Task<Outcome<SubmissionFields>> ReadAsync(string field, Stream body, string? charset, CancellationToken cancellationToken)
    {
        var limit = limits.Of(field)!.Value;
        var encodedLimit = (int)Math.Min((long)limit * TransferEncodings.MaxGrowth, Array.MaxLength);
        if (await BoundedBody.ReadAsync(body, string.IsNullOrEmpty(charset) ? limit : encodedLimit, cancellationToken) is not { } bytes)
        {
            return Problems.PartTooLarge(field, limit);
        }

        var content = field == "text" ? Charsets.ToUtf8(bytes, charset, "text") : bytes;
        return content.Value is { } decoded ? Single(field, decoded) : content.Problem!;
    }

    /// <summary>Returns a submission of one field.</summary>
    public Outcome<SubmissionFields> Single(string field, byte[] content)
    {
        var fields = new SubmissionFields(limits);
        return fields.Add(field, content) is { } problem ? problem : fields;
    }

    private bool IsKnown(Modality modality, ReadOnlySpan<byte> bytes) =>
        MediaInspector.TryInspect(modality, bytes, inferenceOptions.Media, out _, out var failure)
        || failure.Code is not (MediaFailureCode.UnsupportedType or MediaFailureCode.Empty);
}
