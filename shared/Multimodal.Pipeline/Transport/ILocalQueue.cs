namespace Multimodal.Pipeline.Transport;

/// <summary>A queue of this process, whatever it holds.</summary>
internal interface ILocalQueue
{
    /// <summary>Takes no more messages and lets its readers finish.</summary>
    /// <param name="drop">Whether they finish what is in hand only, or what waits too.</param>
    /// <param name="cancellationToken">Ends the waiting with an exception.</param>
    Task StopAsync(bool drop, CancellationToken cancellationToken);
}
