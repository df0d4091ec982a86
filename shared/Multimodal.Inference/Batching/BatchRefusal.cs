namespace Multimodal.Inference.Batching;

/// <summary>The reasons why an item has no result.</summary>
internal enum BatchRefusal
{
    /// <summary>The number of accepted, not yet completed items has reached the capacity.</summary>
    Overloaded,

    /// <summary>The deadline passed before the item ran.</summary>
    Expired,

    /// <summary>Preparing or running the item threw an exception.</summary>
    Failed,

    /// <summary>The batcher is stopping.</summary>
    Stopping,
}
