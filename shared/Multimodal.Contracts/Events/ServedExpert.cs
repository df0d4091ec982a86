namespace Multimodal.Contracts.Events;

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
