using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Media;

/// <summary>What the header of a part states. The content may differ, because nothing is decoded yet.</summary>
public sealed record MediaInfo
{
    /// <summary>The modality.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The media type found in the bytes (RFC 6838), for example <c>image/png</c> or <c>text/plain; charset=utf-8</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Width in pixels; images only.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels; images only.</summary>
    public int? Height { get; init; }

    /// <summary>Duration in seconds; audio only. Null if the header does not state a length.</summary>
    public double? Seconds { get; init; }

    /// <summary>Sample rate in hertz; audio only.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Number of channels; audio only.</summary>
    public int? Channels { get; init; }

    /// <summary>Number of Unicode scalar values; text only.</summary>
    public int? Characters { get; init; }
}
