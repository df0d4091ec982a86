using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>Work within a single process: commands go through queues, opinions through a direct call.</summary>
internal sealed partial class LocalWork(LocalQueues queues, ILogger<LocalWork> logger) : IWorkChannel
{
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly ConcurrentDictionary<string, Combiner> _combiners = new(StringComparer.Ordinal);

    public Task SendAsync(Fuse fuse, CancellationToken cancellationToken)
    {
        queues.Send(Topology.FuseQueue(fuse.Priority), fuse, fuse.RequestId, fuse.Deadline);
        return Task.CompletedTask;
    }

    public Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken)
    {
        queues.Send(Topology.ExpertQueue(analyze.Ensemble, analyze.Expert, priority), analyze, analyze.RequestId, analyze.Deadline);
        return Task.CompletedTask;
    }

    /// <remarks>Calls the combiner directly, which only looks up the request and is cheaper than a queue.</remarks>
    public Task ReplyAsync<T>(Analyze question, T reply, CancellationToken cancellationToken)
        where T : class => (_combiners.GetValueOrDefault(question.ReplyTo), reply) switch
        {
            (null, _) => Task.CompletedTask,
            ({ } combiner, ExpertAnswered answered) => HandleOpinionAsync(combiner.Answered, answered, answered.RequestId),
            ({ } combiner, ExpertDeclined declined) => HandleOpinionAsync(combiner.Declined, declined, declined.RequestId),
            _ => throw new ArgumentException($"{typeof(T).Name} is not a reply of an expert.", nameof(reply)),
        };

    public Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class
    {
        _commands.Enqueue(queue);
        queues.Serve(queue, concurrency, handle, GiveUpAsync);
        return Task.CompletedTask;
    }

    public Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken)
    {
        _combiners[instance] = new Combiner(answered, declined);
        return Task.CompletedTask;
    }

    public async Task<bool> StopCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The combiner's queues stop first, because its requests in progress still need the experts.
            foreach (var stage in _commands.GroupBy(queue => !Topology.IsFuseQueue(queue)).OrderBy(group => group.Key))
            {
                await queues.StopAsync(stage, cancellationToken);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Declines an expert's command, so that the request does not wait until its deadline. The watchdog sends a combiner's command again.
    /// </summary>
    private Task GiveUpAsync<T>(T command) => command is Analyze analyze
        ? ReplyAsync(
            analyze,
            new ExpertDeclined
            {
                RequestId = analyze.RequestId,
                Expert = analyze.Expert,
                Reason = DeclineReason.ModelFailed,
                Detail = "The worker failed on this request; its log says why.",
            },
            CancellationToken.None)
        : Task.CompletedTask;

    private async Task HandleOpinionAsync<T>(Func<Incoming<T>, Task> handle, T opinion, Guid request)
    {
        try
        {
            await handle(new Incoming<T>(opinion, null, queues.Stopped));
        }
        catch (Exception exception)
        {
            // The expert has answered, so its command must not be retried.
            LogOpinionFailed(exception, request);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The combiner failed to process an opinion on request {RequestId} and answers without it.")]
    private partial void LogOpinionFailed(Exception exception, Guid requestId);

    private sealed record Combiner(Func<Incoming<ExpertAnswered>, Task> Answered, Func<Incoming<ExpertDeclined>, Task> Declined);
}
