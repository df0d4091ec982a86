using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Work over the broker's queues. A message is one JSON object, and its AMQP type names the record. Commands are acknowledged after handling, and
/// expire at their deadline. Those to combiners are persistent and confirmed. Those to experts are not, because the combiner's own command is
/// redelivered with the broker's loss of them: they go to the expert's live queue, or to its durable queue if it has no worker that reads a live one.
/// Opinions are transient and not confirmed. A worker sends its opinion before it acknowledges the command, so the broker redelivers the command if
/// the worker dies first.
/// </summary>
internal sealed partial class BrokerWork(BrokerLink link, TimeProvider time, ILogger<BrokerWork> logger) : IWorkChannel
{
    private const ushort OpinionPrefetch = 256;
    private static readonly TimeSpan OwnQueueExpiry = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<(string Queue, BrokerReader Reader)> _commands = [];
    private readonly OpinionSender _replies = new(link);

    public Task SendAsync(Fuse fuse, CancellationToken cancellationToken) =>
        SendAsync(Topology.FuseQueue(fuse.Priority), fuse, fuse.RequestId, fuse.Deadline, cancellationToken);

    public Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken)
    {
        var queue = Topology.LiveQueue(analyze.Ensemble, analyze.Expert, priority);
        var remaining = analyze.Deadline - time.GetUtcNow();
        if (remaining <= TimeSpan.Zero)
        {
            LogTooLate(queue, analyze.RequestId);
            return Task.CompletedTask;
        }

        var properties = Properties<Analyze>();
        properties.MessageId = analyze.RequestId.ToString();
        properties.Expiration = Math.Max(1, (long)remaining.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return link.PublishTransientAsync(
            BrokerMessage.To(queue, properties, JsonSerializer.SerializeToUtf8Bytes(analyze, JsonFormat.Messages)) with { IsMandatory = true }, cancellationToken);
    }

    public Task ReplyAsync<T>(Analyze question, T reply, CancellationToken cancellationToken)
        where T : class => question.ReadsReplies
            ? _replies.SendAsync(question.ReplyTo, reply, cancellationToken)
            : link.PublishTransientAsync(
                new BrokerMessage(Topology.OpinionsExchange, question.ReplyTo, Properties<T>(), JsonSerializer.SerializeToUtf8Bytes(reply, JsonFormat.Messages)), cancellationToken);

    public async Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class
    {
        var subscription = new BrokerSubscription(queue, (ushort)concurrency, (properties, body, lost) => HandleAsync(queue, properties, body, handle, lost));
        _commands.Enqueue((queue, await link.ServeAsync(subscription, cancellationToken)));
        if (Topology.LiveQueueOf(queue) is { } live)
        {
            _commands.Enqueue((live, await link.ServeAsync(LiveQueues.Of(subscription, live), cancellationToken)));
        }
    }

    public Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken)
    {
        var queue = Topology.OpinionsQueue(instance);
        return link.ServeAsync(
            new BrokerSubscription(queue, OpinionPrefetch, (properties, body, lost) => HandleOpinionAsync(queue, new Opinion(properties, body, lost), answered, declined))
            {
                IsAutomatic = true,
                DeclareAsync = async (channel, cancel) =>
                {
                    var arguments = new Dictionary<string, object?> { ["x-expires"] = (int)OwnQueueExpiry.TotalMilliseconds };
                    await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: true, arguments, cancellationToken: cancel);
                    await channel.QueueBindAsync(queue, Topology.OpinionsExchange, instance, cancellationToken: cancel);
                },
            },
            cancellationToken);
    }

    public async Task<bool> StopCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The combiner's queues stop first, because its requests in progress still need the experts.
            foreach (var stage in _commands.GroupBy(command => !Topology.IsFuseQueue(command.Queue)).OrderBy(group => group.Key))
            {
                await Task.WhenAll(stage.Select(command => link.StopServingAsync(command.Reader, cancellationToken)));
            }

            var live = _commands.Select(command => command.Queue).Where(Topology.IsLiveQueue);
            await Task.WhenAll(live.Select(queue => LiveQueues.RetireAsync(link, queue, cancellationToken)));
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<Settlement> HandleOpinionAsync(
        string queue, Opinion message, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined)
    {
        var (properties, body, lost) = message;
        try
        {
            if (RepliesOf(properties, body) is not { } replies)
            {
                LogUnreadable(queue, properties.Type);
                return Settlement.Ack;
            }

            foreach (var opinion in replies.Answered)
            {
                await answered(new Incoming<ExpertAnswered>(opinion, null, lost));
            }

            foreach (var refusal in replies.Declined)
            {
                await declined(new Incoming<ExpertDeclined>(refusal, null, lost));
            }
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            // Opinions may be lost, so there is no retry.
            LogFailed(exception, queue, properties.MessageId, 1);
        }
        catch (OperationCanceledException)
        {
            return Settlement.None;
        }

        return Settlement.Ack;
    }

    private static ExpertReplies? RepliesOf(IReadOnlyBasicProperties properties, byte[] body) => Read<ExpertReplies>(properties, body)
        ?? (Read<ExpertAnswered>(properties, body) is { } opinion ? new ExpertReplies { Answered = [opinion], Declined = [] } : null)
        ?? (Read<ExpertDeclined>(properties, body) is { } refusal ? new ExpertReplies { Answered = [], Declined = [refusal] } : null);

    /// <returns>Null if the message has another type or cannot be read, for example from another version.</returns>
    private static T? Read<T>(IReadOnlyBasicProperties properties, byte[] body)
        where T : class => properties.Type == MessageTypes.NameOf<T>() ? JsonFormat.TryRead<T>(body) : null;

    private static BasicProperties Properties<T>()
    {
        var properties = new BasicProperties { Type = MessageTypes.NameOf<T>(), ContentType = "application/json" };
        if (Traces.Context is { } context)
        {
            properties.Headers = new Dictionary<string, object?> { [Traces.Header] = context };
        }

        return properties;
    }

    private async Task SendAsync<T>(string queue, T command, Guid request, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var properties = Properties<T>();
        properties.DeliveryMode = DeliveryModes.Persistent;
        properties.MessageId = request.ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(command, JsonFormat.Messages);
        var remaining = deadline - time.GetUtcNow();
        if (remaining <= TimeSpan.Zero)
        {
            LogTooLate(queue, request);
            return;
        }

        // After the deadline, the watchdog sends the request again with a new deadline. The old message must not compete with it.
        using var expired = new CancellationTokenSource(remaining, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expired.Token);
        try
        {
            await link.PublishAsync(BrokerMessage.To(queue, properties, body) with { Deadline = deadline }, linked.Token);
        }
        catch (OperationCanceledException) when (expired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogTooLate(queue, request);
        }
    }

    private async Task<Settlement> HandleAsync<T>(
        string queue, IReadOnlyBasicProperties properties, byte[] body, Func<Incoming<T>, Task> handle, CancellationToken lost)
        where T : class
    {
        if (Read<T>(properties, body) is not { } message)
        {
            LogUnreadable(queue, properties.Type);
            return Settlement.DeadLetter;
        }

        var incoming = new Incoming<T>(message, Traces.HeaderOf(properties.Headers), lost);
        for (var attempts = 0; !lost.IsCancellationRequested; attempts++)
        {
            try
            {
                await handle(incoming);
                return Settlement.Ack;
            }
            catch (Exception exception)
            {
                if (lost.IsCancellationRequested)
                {
                    break;
                }

                LogFailed(exception, queue, properties.MessageId, attempts + 1);
                if (attempts == Topology.RetryDelays.Length)
                {
                    return Settlement.Requeue;
                }
            }

            await Task.Delay(Topology.RetryDelays[attempts], time, CancellationToken.None);
        }

        return Settlement.None;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of type {Type} from {Queue} cannot be read and is not handled.")]
    private partial void LogUnreadable(string queue, string? type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline of request {RequestId} passed before its message reached {Queue}; the message is dropped.")]
    private partial void LogTooLate(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling the message of request {RequestId} from {Queue} failed, attempt {Attempt}.")]
    private partial void LogFailed(Exception exception, string queue, string? requestId, int attempt);

    /// <summary>A received reply of an expert. The token is cancelled when this process loses the message.</summary>
    private readonly record struct Opinion(IReadOnlyBasicProperties Properties, byte[] Body, CancellationToken Lost);
}
