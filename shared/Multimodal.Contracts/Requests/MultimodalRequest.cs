namespace Multimodal.Contracts.Requests;

/// <summary>A request as a client sends it: the body of <c>POST /v1/requests</c> and of a message in the queue <c>requests</c>.</summary>
/// <remarks>At least one part is required. In JSON the names are camelCase and bytes are base64 (RFC 4648, section 4).</remarks>
public sealed record MultimodalRequest
{
    /// <summary>Unicode text.</summary>
    public string? Text { get; init; }

    /// <summary>An image file, for example PNG or JPEG; the service detects the format from the bytes.</summary>
    public ReadOnlyMemory<byte>? Image { get; init; }

    /// <summary>A sound file, for example WAV or FLAC; the service detects the format from the bytes.</summary>
    public ReadOnlyMemory<byte>? Audio { get; init; }

    /// <summary>Options for this request; null uses the ensemble's defaults.</summary>
    public MultimodalRequestOptions? Options { get; init; }
}
