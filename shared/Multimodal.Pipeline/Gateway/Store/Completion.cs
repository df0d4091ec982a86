namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>Outcome of recording a result.</summary>
internal enum Completion
{
    /// <summary>The request already has a result, or it does not exist.</summary>
    Duplicate,

    /// <summary>The result was recorded.</summary>
    Recorded,

    /// <summary>The result was recorded, and a subscription receives it.</summary>
    RecordedForSubscription,
}
