namespace Multimodal.Inference.Media;

/// <summary>Why media is refused. Each value has one stable problem code in the HTTP API (its kebab-case name).</summary>
public enum MediaFailureCode
{
    /// <summary>No bytes, or only white space.</summary>
    Empty,

    /// <summary>The bytes are of no type that this modality takes.</summary>
    UnsupportedType,

    /// <summary>More bytes, characters, pixels or seconds than the limits allow.</summary>
    TooLarge,

    /// <summary>The type is known but the content is broken: truncated, lying header, not finite, no signal.</summary>
    Undecodable,
}
