using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>The state of an expert worker, sent every few seconds to all gateways.</summary>
public sealed record WorkerHeartbeat : VersionedMessage
{
    /// <summary>The worker process.</summary>
    public required Guid Worker { get; init; }

    /// <summary>Whether the worker is shutting down and takes no more work.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The experts that the worker serves.</summary>
    public required IReadOnlyList<ServedExpert> Experts { get; init; }
}
