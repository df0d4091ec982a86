using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>The priority of a request. Each priority has separate queues, so low-priority requests never delay normal ones.</summary>
public enum Priority
{
    /// <summary>A client is waiting for the answer.</summary>
    [Fallback]
    Normal,

    /// <summary>
    /// Background work. It has a small reserved share of the concurrency of every process, and is refused first under load.
    /// </summary>
    Low,
}
