using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>Carries commands to experts and combiners, and opinions back to the combiner that asked: through queues in memory, or the broker's.</summary>
internal interface IWorkChannel
{
    /// <summary>Hands a request to one of the combiners; it cannot get lost any more when the task ends. Nobody gets it after its deadline, when the task ends at the latest.</summary>
    Task SendAsync(Fuse fuse, CancellationToken cancellationToken);

    /// <summary>Asks one of an expert's workers; as <see cref="SendAsync(Fuse, CancellationToken)"/>.</summary>
    Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken);

    /// <summary>Sends an opinion to the process that asked for it; lost without harm when that process is gone.</summary>
    /// <param name="instance">Who asked.</param>
    /// <param name="opinion">An <see cref="ExpertAnswered"/> or an <see cref="ExpertDeclined"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ReplyAsync<T>(string instance, T opinion, CancellationToken cancellationToken)
        where T : class;

    /// <summary>
    /// Competes with other processes for the commands of a shared queue. One that fails is tried again after 50, 200 and 1000 ms; after
    /// that, on the broker, it goes back to the queue, for another worker, until the queue's delivery limit ends it.
    /// </summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">The most commands handled at once; also the prefetch, so that one process hoards no work.</param>
    /// <param name="handle">Handles one, which is acknowledged when the task ends; thread-safe.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Reads the opinions that were asked for by this process, on a queue that vanishes with it.</summary>
    /// <param name="instance">What <see cref="ReplyAsync"/> is told.</param>
    /// <param name="answered">Takes an opinion.</param>
    /// <param name="declined">Takes the reason why there is none.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken);

    /// <summary>Takes no more commands and waits for those in hand; opinions and results still come in meanwhile.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when something was unfinished then.</returns>
    Task<bool> StopCommandsAsync(CancellationToken cancellationToken);
}
