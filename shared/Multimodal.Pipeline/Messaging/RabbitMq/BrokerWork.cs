using System.Collections.Concurrent;
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
/// Work on the broker's queues, one JSON object a message, its kind in the AMQP type. Commands are persistent, confirmed, acknowledged when
/// handled and gone after their deadline. Opinions are neither stored nor confirmed: they leave before their question is acknowledged, so a
/// worker that dies before that leaves the question to another.
/// </summary>
internal sealed partial class BrokerWork(BrokerLink link, TimeProvider time, ILogger<BrokerWork> logger) : IWorkChannel
{
    private const ushort OpinionPrefetch = 256;
    private static readonly TimeSpan OwnQueueExpiry = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<(string Queue, BrokerReader Reader)> _commands = [];

    public Task SendAsync(Fuse fuse, CancellationToken cancellationToken) =>
        SendAsync(Topology.FuseQueue(fuse.Priority), fuse, fuse.RequestId, fuse.Deadline, cancellationToken);

    public Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken) =>
        SendAsync(Topology.ExpertQueue(analyze.Ensemble, analyze.Expert, priority), analyze, analyze.RequestId, analyze.Deadline, cancellationToken);

    public Task ReplyAsync<T>(string instance, T opinion, CancellationToken cancellationToken)
        where T : class =>
        link.PublishTransientAsync(
            new BrokerMessage(Topology.OpinionsExchange, instance, Properties<T>(), JsonSerializer.SerializeToUtf8Bytes(opinion, JsonFormat.Options)), cancellationToken);

    public async Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class => _commands.Enqueue((queue, await link.ServeAsync(
            new BrokerSubscription(queue, (ushort)concurrency, (properties, body, lost) => HandleAsync(queue, properties, body, handle, lost)),
            cancellationToken)));

    public Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken)
    {
        var queue = Topology.OpinionsQueue(instance);
        return link.ServeAsync(
            new BrokerSubscription(queue, OpinionPrefetch, (properties, body, lost) => TakeAsync(queue, new Opinion(properties, body, lost), answered, declined))
            {
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
            // First what asks the experts: their answers are still needed.
            foreach (var together in _commands.GroupBy(command => !Topology.IsFuseQueue(command.Queue)).OrderBy(group => group.Key))
            {
                await Task.WhenAll(together.Select(command => link.StopServingAsync(command.Reader, cancellationToken)));
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<Settlement> TakeAsync(
        string queue, Opinion message, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined)
    {
        var (properties, body, lost) = message;
        try
        {
            if (Read<ExpertAnswered>(properties, body) is { } opinion)
            {
                await answered(new Incoming<ExpertAnswered>(opinion, null, lost));
            }
            else if (Read<ExpertDeclined>(properties, body) is { } refusal)
            {
                await declined(new Incoming<ExpertDeclined>(refusal, null, lost));
            }
            else
            {
                LogUnreadable(queue, properties.Type);
            }
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            // Opinions may get lost; this one is not tried again.
            LogFailed(exception, queue, properties.MessageId, 1);
        }
        catch (OperationCanceledException)
        {
            return Settlement.None;
        }

        return Settlement.Ack;
    }

    /// <returns>Null when it is of another kind, or cannot be read: a process of another version sent it.</returns>
    private static T? Read<T>(IReadOnlyBasicProperties properties, byte[] body)
        where T : class
    {
        try
        {
            return properties.Type == typeof(T).Name ? JsonSerializer.Deserialize<T>(body, JsonFormat.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BasicProperties Properties<T>()
    {
        var properties = new BasicProperties { Type = typeof(T).Name, ContentType = "application/json" };
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
        var body = JsonSerializer.SerializeToUtf8Bytes(command, JsonFormat.Options);
        var left = deadline - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            LogTooLate(queue, request);
            return;
        }

        // What nobody took by its deadline is sent anew by the watchdog, with a new deadline; the old message must not compete with it.
        using var late = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await link.PublishAsync(BrokerMessage.To(queue, properties, body) with { Deadline = deadline }, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
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
        for (var tries = 0; !lost.IsCancellationRequested; tries++)
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

                LogFailed(exception, queue, properties.MessageId, tries + 1);
                if (tries == Topology.RetryPauses.Length)
                {
                    return Settlement.Requeue;
                }
            }

            await Task.Delay(Topology.RetryPauses[tries], time, CancellationToken.None);
        }

        return Settlement.None;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of type {Type} on {Queue} cannot be read.")]
    private partial void LogUnreadable(string queue, string? type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline of request {RequestId} came before {Queue} had its message.")]
    private partial void LogTooLate(string queue, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling the message of request {RequestId} on {Queue} failed, try {Tries}.")]
    private partial void LogFailed(Exception exception, string queue, string? requestId, int tries);

    /// <summary>An expert's reply as it came, until its token says that this process has lost it.</summary>
    private readonly record struct Opinion(IReadOnlyBasicProperties Properties, byte[] Body, CancellationToken Lost);
}
