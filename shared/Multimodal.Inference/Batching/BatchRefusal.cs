namespace Multimodal.Inference.Batching;

/// <summary>Why there is no result.</summary>
internal enum BatchRefusal
{
    /// <summary>As many items as the capacity allows are already accepted and unanswered.</summary>
    Overloaded,

    /// <summary>Its deadline passed before it ran.</summary>
    Expired,

    /// <summary>Preparing or running it threw.</summary>
    Failed,

    /// <summary>The batcher is being disposed.</summary>
    Stopping,
}
