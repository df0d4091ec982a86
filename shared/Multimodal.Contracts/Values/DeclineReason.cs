using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>Why an expert gave no opinion.</summary>
public enum DeclineReason
{
    /// <summary>The media could not be decoded.</summary>
    BadInput,

    /// <summary>The expert's queue was full, or the expert was shutting down.</summary>
    Overloaded,

    /// <summary>The deadline had passed before the model ran.</summary>
    Expired,

    /// <summary>The device ran out of memory.</summary>
    OutOfMemory,

    /// <summary>The payload is not in the blob store, or does not match its length and checksum.</summary>
    MediaGone,

    /// <summary>The blob store could not be reached in time.</summary>
    MediaUnavailable,

    /// <summary>The model failed on this input, or its output is not finite.</summary>
    [Fallback]
    ModelFailed,

    /// <summary>The part shows nothing: text without visible characters, an image of one colour, silence.</summary>
    [Since(2, DeclineReason.BadInput)]
    Empty,
}
