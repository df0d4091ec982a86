namespace Multimodal.Contracts.Events;

/// <summary>What a process with experts says about itself every few seconds; all gateways hear it.</summary>
public sealed record WorkerHeartbeat
{
    /// <summary>The process.</summary>
    public required Guid Worker { get; init; }

    /// <summary>True when it stops and takes no more work.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The experts that it serves.</summary>
    public required IReadOnlyList<ServedExpert> Experts { get; init; }
}
