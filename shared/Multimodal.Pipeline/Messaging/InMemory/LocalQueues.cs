using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>
/// The queues of a process that is the whole system. Nothing in them survives it: what it accepted is in the request store, from which the
/// watchdog or the next start sends it again.
/// </summary>
internal sealed partial class LocalQueues : IHostedService, IDisposable
{
    /// <summary>Work in hand has had its time to finish before (<see cref="Hosting.Drain"/>).</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, LocalQueue> _queues = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _over = new();
    private readonly TimeProvider _time;
    private readonly ILogger<LocalQueues> _logger;

    public LocalQueues(TimeProvider time, ILogger<LocalQueues> logger) => (_time, _logger, Over) = (time, logger, _over.Token);

    /// <summary>Cancelled when the process ends. Handlers that do not heed it may read it even after the queues are disposed.</summary>
    public CancellationToken Over { get; }

    /// <summary>Appends a message to a queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="content">The message.</param>
    /// <param name="request">The request it belongs to.</param>
    /// <param name="deadline">When no reader may get it any more; null for never.</param>
    public void Send(string queue, object content, Guid request, DateTimeOffset? deadline = null)
    {
        if (!Queue(queue).Send(new LocalMessage(content, request, deadline, Traces.Context)))
        {
            LogStopped(queue, request);
        }
    }

    /// <summary>Adds readers to a queue. A message whose handling fails is tried again after 50, 200 and 1000 ms, then given up.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">The most messages that are handled at once.</param>
    /// <param name="handle">Handles one message; thread-safe. All messages of a queue are of its type.</param>
    /// <param name="giveUp">Called with a message that is given up.</param>
    public void Serve<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, Func<T, Task> giveUp)
        where T : class => Queue(queue).Serve(concurrency, message => HandleAsync(queue, message, handle, giveUp));

    /// <summary>Stops queues; messages that wait in them are dropped.</summary>
    /// <param name="queues">Their names.</param>
    /// <param name="cancellationToken">Ends the waiting for what is in hand with an exception.</param>
    public Task StopAsync(IEnumerable<string> queues, CancellationToken cancellationToken) =>
        Task.WhenAll(queues.Where(_queues.ContainsKey).Select(queue => _queues[queue].StopAsync(drop: true, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the process's queues, results that wait to be recorded first.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(EndPatience, _time);
        try
        {
            await Queue(Topology.ResultsQueue).StopAsync(drop: false, patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogLeft(Topology.ResultsQueue);
        }

        await _over.CancelAsync();
        try
        {
            await Task.WhenAll(_queues.Values.Select(queue => queue.StopAsync(drop: true, patience.Token)));
        }
        catch (OperationCanceledException)
        {
            LogLeft(string.Join(", ", _queues.Keys));
        }
    }

    public void Dispose() => _over.Dispose();

    private LocalQueue Queue(string name) => _queues.GetOrAdd(name, _ => new LocalQueue());

    private async Task HandleAsync<T>(string queue, LocalMessage message, Func<Incoming<T>, Task> handle, Func<T, Task> giveUp)
        where T : class
    {
        if (message.Deadline <= _time.GetUtcNow())
        {
            LogTooLate(queue, message.Request);
            return;
        }

        var content = (T)message.Content;
        var incoming = new Incoming<T>(content, message.TraceContext, Over);
        for (var tries = 0; ; tries++)
        {
            try
            {
                await handle(incoming);
                return;
            }
            catch (Exception exception)
            {
                if (Over.IsCancellationRequested)
                {
                    return;
                }

                LogFailed(exception, queue, message.Request, tries + 1);
                if (tries == Topology.RetryPauses.Length)
                {
                    await giveUp(content);
                    return;
                }
            }

            await Task.Delay(Topology.RetryPauses[tries], _time, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue {Queue} is stopped and drops its message of request {RequestId}; the next start sends the request again.")]
    private partial void LogStopped(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline of request {RequestId} passed while its message waited in {Queue}; the message is dropped.")]
    private partial void LogTooLate(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling the message of request {RequestId} from {Queue} failed, attempt {Attempt}.")]
    private partial void LogFailed(Exception exception, string queue, Guid requestId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Work from {Queues} is unfinished; the next start sends its requests again.")]
    private partial void LogLeft(string queues);
}
