using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>
/// All queues in memory. They are lost when the process ends. Accepted requests are in the request store, from which the watchdog or the
/// next start sends them again.
/// </summary>
internal sealed partial class LocalQueues : IHostedService, IDisposable
{
    /// <summary>Short, because the drain has already waited for work in progress.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, LocalQueue> _queues = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ServiceClock _clock;
    private readonly ILogger<LocalQueues> _logger;

    public LocalQueues(ServiceClock clock, ILogger<LocalQueues> logger) => (_clock, _logger, Stopped) = (clock, logger, _stopped.Token);

    /// <summary>Cancelled when the queues stop at shutdown. Handlers may read it even after the queues are disposed.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Appends a message to a queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="content">The message.</param>
    /// <param name="request">The request it belongs to.</param>
    /// <param name="deadline">When the message is dropped; null for never.</param>
    public void Send(string queue, object content, Guid request, DateTimeOffset? deadline = null)
    {
        if (!Queue(queue).Send(new LocalMessage(content, request, deadline, Traces.Context)))
        {
            LogStopped(queue, request);
        }
    }

    /// <summary>Adds readers to a queue. A failed message is retried after 50, 200 and 1000 ms, then abandoned.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">The maximum number of messages handled at once.</param>
    /// <param name="handle">Handles one message; must be thread-safe. All messages of a queue have the same type.</param>
    /// <param name="onAbandoned">Called with an abandoned message.</param>
    public void Serve<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, Func<T, Task> onAbandoned)
        where T : class => Queue(queue).Serve(concurrency, message => HandleAsync(queue, message, handle, onAbandoned));

    /// <summary>Stops queues and drops their queued messages.</summary>
    /// <param name="queues">Their names.</param>
    /// <param name="cancellationToken">Stops the wait for messages in progress, with an exception.</param>
    public Task StopAsync(IEnumerable<string> queues, CancellationToken cancellationToken) =>
        Task.WhenAll(queues.Where(_queues.ContainsKey).Select(queue => _queues[queue].StopAsync(drop: true, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops all queues. Queued results are recorded first.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StopTimeout, _clock);
        try
        {
            await Queue(Topology.ResultsQueue).StopAsync(drop: false, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            LogUnfinished(Topology.ResultsQueue);
        }

        await _stopped.CancelAsync();
        try
        {
            await Task.WhenAll(_queues.Values.Select(queue => queue.StopAsync(drop: true, timeout.Token)));
        }
        catch (OperationCanceledException)
        {
            LogUnfinished(string.Join(", ", _queues.Keys));
        }
    }

    public void Dispose() => _stopped.Dispose();

    private LocalQueue Queue(string name) => _queues.GetOrAdd(name, _ => new LocalQueue());

    private async Task HandleAsync<T>(string queue, LocalMessage message, Func<Incoming<T>, Task> handle, Func<T, Task> onAbandoned)
        where T : class
    {
        if (message.Deadline is { } deadline && _clock.Adjust(deadline) <= _clock.GetUtcNow())
        {
            LogTooLate(queue, message.Request);
            return;
        }

        var content = (T)message.Content;
        var incoming = new Incoming<T>(content, message.TraceContext, Stopped);
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                await handle(incoming);
                return;
            }
            catch (Exception exception)
            {
                if (Stopped.IsCancellationRequested)
                {
                    return;
                }

                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception, queue, message.Request, attempts + 1);
                }

                if (attempts == Topology.RetryDelays.Length)
                {
                    await onAbandoned(content);
                    return;
                }
            }

            await Task.Delay(Topology.RetryDelays[attempts], _clock, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} is stopped and drops the message of request {RequestId}; the next start sends the request again.")]
    private partial void LogStopped(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline of request {RequestId} passed while its message waited in {Queue}; the message is dropped.")]
    private partial void LogTooLate(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling the message of request {RequestId} from {Queue} failed, attempt {Attempt}.")]
    private partial void LogFailed(Exception exception, string queue, Guid requestId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages from {Queues} are still in progress at shutdown; the next start sends their requests again.")]
    private partial void LogUnfinished(string queues);
}
