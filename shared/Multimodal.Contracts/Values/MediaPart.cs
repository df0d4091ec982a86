namespace Multimodal.Contracts.Values;

/// <summary>
/// One medium of a request. Small payloads travel inside the message; larger ones are a claim check into the blob store
/// (Hohpe and Woolf, Enterprise Integration Patterns, "Claim Check").
/// </summary>
public sealed record MediaPart
{
    /// <summary>The medium.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The media type found in the bytes (RFC 6838), never the one the client named.</summary>
    public required string MediaType { get; init; }

    /// <summary>Payload length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the payload, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The payload itself when it is small, else null.</summary>
    public byte[]? Inline { get; init; }

    /// <summary>The key of the payload in the blob store when it is not inline, else null.</summary>
    public string? Blob { get; init; }
}
