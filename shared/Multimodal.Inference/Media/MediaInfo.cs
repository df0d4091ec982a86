using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Media;

/// <summary>What the header says of one part; nothing is decoded yet.</summary>
public sealed record MediaInfo
{
    /// <summary>The medium.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The media type found in the bytes (RFC 6838), for example <c>image/png</c> or <c>text/plain; charset=utf-8</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Pixels across; images only.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels down; images only.</summary>
    public int? Height { get; init; }

    /// <summary>Duration in seconds; audio only.</summary>
    public double? Seconds { get; init; }

    /// <summary>Samples per second; audio only.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Channels; audio only.</summary>
    public int? Channels { get; init; }

    /// <summary>Unicode scalar values; text only.</summary>
    public int? Characters { get; init; }
}
