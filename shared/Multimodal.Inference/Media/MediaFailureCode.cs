namespace Multimodal.Inference.Media;

/// <summary>The kinds of media failure. The HTTP API reports each as a stable problem code, its name in kebab-case.</summary>
public enum MediaFailureCode
{
    /// <summary>
    /// The part has no bytes, or shows nothing: text without visible characters, an image of one colour, silence. A part that shows nothing is
    /// accepted, and its experts decline it.
    /// </summary>
    Empty,

    /// <summary>The bytes are not of a type that is accepted for the modality.</summary>
    UnsupportedType,

    /// <summary>The part exceeds a limit on bytes, characters, pixels or seconds.</summary>
    TooLarge,

    /// <summary>
    /// The type is accepted, but the content is broken: truncated, a false header, samples that are not finite, no samples.
    /// </summary>
    Undecodable,

    /// <summary>The server decodes the maximum number of files of the type. The same part may be accepted later.</summary>
    Overloaded,
}
