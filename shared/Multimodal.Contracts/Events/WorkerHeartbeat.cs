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

/// <summary>An expert in one process.</summary>
/// <param name="Ensemble">Its ensemble.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its package's version.</param>
/// <param name="Device">The device that runs it.</param>
/// <param name="Backlog">Items accepted and not yet answered.</param>
/// <param name="BatchSize">Mean items per batch since the last heartbeat; 0 when there was none.</param>
/// <param name="ItemMs">Milliseconds from one answer to the next while it has something to do; 0 before it was ever busy.</param>
/// <param name="Waiting">Messages that wait for the expert on the broker, for all processes that serve it together.</param>
public sealed record ServedExpert(
    string Ensemble, string Name, string Version, string Device, int Backlog, double BatchSize, double ItemMs = 0, int Waiting = 0);
