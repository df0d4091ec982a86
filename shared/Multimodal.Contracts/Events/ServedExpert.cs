namespace Multimodal.Contracts.Events;

/// <summary>An expert that one worker process serves, as reported in its heartbeat.</summary>
/// <param name="Ensemble">The ensemble.</param>
/// <param name="Name">The expert's name.</param>
/// <param name="Version">The expert package's version.</param>
/// <param name="Device">The device that runs the model.</param>
/// <param name="Backlog">Items that the process has accepted and not yet answered.</param>
/// <param name="BatchSize">Moving mean of items per batch, over answered items; 0 before the first batch.</param>
/// <param name="ItemMs">Mean milliseconds from one answer to the next while items are waiting; 0 before any item had to wait.</param>
/// <param name="Waiting">Messages in the expert's broker queue, which all its workers share.</param>
public sealed record ServedExpert(
    string Ensemble, string Name, string Version, string Device, int Backlog, double BatchSize, double ItemMs = 0, int Waiting = 0);
