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

/// <summary>A refusal of media as a value: what is wrong and what the sender can do about it.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Detail">One sentence for a person, with the limit where there is one; never payload.</param>
public sealed record MediaFailure(MediaFailureCode Code, string Detail);
