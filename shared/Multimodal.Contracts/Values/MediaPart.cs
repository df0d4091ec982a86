namespace Multimodal.Contracts.Values;

/// <summary>
/// One part of a request. The message contains a small payload itself, and a key into the blob store for a larger one
/// (Hohpe and Woolf, Enterprise Integration Patterns, "Claim Check").
/// </summary>
public sealed record MediaPart
{
    /// <summary>The modality.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The media type (RFC 6838) detected from the bytes, not the one that the client declared.</summary>
    public required string MediaType { get; init; }

    /// <summary>Payload length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the payload, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The payload if it is small, else null.</summary>
    public byte[]? Inline { get; init; }

    /// <summary>The payload's key in the blob store if it is not inline, else null.</summary>
    public string? Blob { get; init; }
}
