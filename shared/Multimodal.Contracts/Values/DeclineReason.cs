namespace Multimodal.Contracts.Values;

/// <summary>Why an expert gave no opinion. A closed set: the combiner treats a refusal as data.</summary>
public enum DeclineReason
{
    /// <summary>The media could not be decoded or holds nothing to judge.</summary>
    BadInput,

    /// <summary>The expert's bounded queue was full.</summary>
    Overloaded,

    /// <summary>The deadline had passed before the model ran.</summary>
    Expired,

    /// <summary>The device had no memory for the batch.</summary>
    OutOfMemory,

    /// <summary>The payload was no longer in the blob store.</summary>
    MediaGone,

    /// <summary>The blob store could not be reached in time.</summary>
    MediaUnavailable,

    /// <summary>The model failed on this input, or gave numbers that are not finite.</summary>
    ModelFailed,
}
