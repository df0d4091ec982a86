using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>
/// Carries commands to experts and combiners, and opinions back to the combiner that asked: through queues in memory, or the broker's.
/// </summary>
internal interface IWorkChannel
{
    /// <summary>
    /// Sends a request to one of the combiners. The task completes when the queue has accepted the message, or at the deadline, when the
    /// message is dropped.
    /// </summary>
    Task SendAsync(Fuse fuse, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a command to one of an expert's workers. The command may be lost with the broker, which then redelivers the combiner's own command.
    /// Over a broker, the task fails if the connection ends.
    /// </summary>
    Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken);

    /// <summary>Sends an expert's reply to the combiner that asked. The reply is dropped if that combiner no longer runs.</summary>
    /// <param name="question">The command that the reply answers.</param>
    /// <param name="reply">An <see cref="ExpertAnswered"/> or an <see cref="ExpertDeclined"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    Task ReplyAsync<T>(Analyze question, T reply, CancellationToken cancellationToken)
        where T : class;

    /// <summary>
    /// Consumes a queue of commands that processes share. A command that fails is retried after 50, 200 and 1000 ms. After that, the broker
    /// requeues it for another worker, up to the queue's delivery limit.
    /// </summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">
    /// The maximum number of commands handled at once. It is also the prefetch, so that the broker spreads commands over the processes.
    /// </param>
    /// <param name="handle">Handles one command, which is acknowledged when the task completes. Must be thread-safe.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Consumes the opinions for this combiner, from a queue that is deleted when the process ends.</summary>
    /// <param name="instance">The combiner instance, as in <see cref="Analyze.ReplyTo"/>.</param>
    /// <param name="answered">Handles an opinion.</param>
    /// <param name="declined">Handles a refusal.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken);

    /// <summary>Stops consuming commands and waits for those in progress. Opinions and results are still consumed.</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>False if commands were still in progress.</returns>
    Task<bool> StopCommandsAsync(CancellationToken cancellationToken);
}
