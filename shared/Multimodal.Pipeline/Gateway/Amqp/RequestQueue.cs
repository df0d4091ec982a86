using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>
/// Takes requests from the queues <c>requests</c> and <c>requests.low</c>: the JSON of <c>POST /v1/requests</c>, through the same intake. A message is acknowledged when
/// its row is stored or its refusal is sent. When the service is full or its store away, messages wait, as many as the prefetch, and the
/// rest stays in the queue: that is the back-pressure.
/// </summary>
internal sealed partial class RequestQueue(
    BrokerLink link,
    SubmissionReader reader,
    Intake intake,
    AdmissionControl admission,
    RequestStore store,
    ReplySender replies,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<RequestQueue> logger)
{
    private const string Operation = "AmqpRequest";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Refusals that say "later" and may mean hours: who tried again until then would keep the queue from everybody.</summary>
    private static readonly string[] Lasting = [Problems.NoWorker(0).Code, Problems.TooSlow(0).Code];

    /// <summary>Starts to take requests.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        foreach (var priority in Topology.Priorities)
        {
            var prefetch = (ushort)options.Transport.Concurrency(priority, options.Gateway.RequestPrefetch);
            await link.ServeAsync(
                new BrokerLink.Subscription(
                    Topology.RequestsQueue(priority), prefetch, (_, _) => Task.CompletedTask, (properties, body, lost) => HandleAsync(priority, properties, body, lost)),
                cancellationToken);
        }
    }

    private async Task<Handled> HandleAsync(Priority priority, IReadOnlyBasicProperties properties, byte[] body, CancellationToken lost)
    {
        // With its connection the message goes to somebody else, perhaps to this process again.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, lost);
        var leave = left.Token;
        try
        {
            await readiness.Opened.WaitAsync(leave);
            var (reply, problem) = ReadReply(properties);
            if (problem is null)
            {
                if (await AcceptAsync(priority, properties, body, reply, leave) is not { } outcome)
                {
                    return Handled.Done;
                }

                if (outcome.Value is { } accepted)
                {
                    await AnswerReplayAsync(accepted, reply, leave);
                    return Handled.Done;
                }

                problem = outcome.Problem!;
            }

            return await RefuseAsync(problem, reply, properties.MessageId, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            return Handled.Leave;
        }
        catch (Exception exception)
        {
            LogFailed(exception, properties.MessageId);
            return Handled.DeadLetter;
        }
    }

    /// <returns>Null when the message went to the other queue.</returns>
    private async Task<Outcome<Accepted>?> AcceptAsync(
        Priority priority, IReadOnlyBasicProperties properties, byte[] body, ReplyAddress? reply, CancellationToken leave)
    {
        if (properties.MessageId is { } messageId && !IdempotencyKey.IsValid(messageId))
        {
            return Problems.InvalidMessageId();
        }

        if (properties.IsContentTypePresent() && !MediaType(properties.ContentType!).Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.UnsupportedContentType();
        }

        var submission = body.Length <= options.Http.MaxBodyBytes ? reader.ReadJson(body) : Problems.BodyTooLarge(options.Http.MaxBodyBytes);
        if (submission.Value is null)
        {
            return submission.Problem!;
        }

        if (priority == Priority.Normal && submission.Value.Options.Priority == Priority.Low)
        {
            // Here it would wait in front of those that cannot. Whoever gets it twice, because this process dies in between, accepts it once.
            var same = new BasicProperties(properties) { UserId = null };
            await link.PublishAsync("", Topology.RequestsQueue(Priority.Low), same, body, leave);
            return null;
        }

        var asked = submission.Value with { Options = submission.Value.Options with { Priority = priority } };
        while (true)
        {
            if (await TryAsync(properties.MessageId, asked, reply, leave) is { } outcome)
            {
                return outcome;
            }

            await Task.Delay(Pause, time, leave);
        }
    }

    /// <returns>Null when it may succeed in a moment: no place is free, the store or the broker is away.</returns>
    private async Task<Outcome<Accepted>?> TryAsync(string? messageId, Submission submission, ReplyAddress? reply, CancellationToken leave)
    {
        using var place = readiness.IsReady ? admission.TryEnter() : null;
        if (place is null || !place.TryTake(submission.Options.Priority))
        {
            return null;
        }

        try
        {
            // A client that names its message by a UUID knows the request's id before it has any answer.
            if (!Guid.TryParseExact(messageId, "D", out var id))
            {
                id = Guid.CreateVersion7(time.GetUtcNow());
            }
            else if (await IsTakenAsync(id, messageId!, leave))
            {
                return Problems.IdempotencyKeyReused();
            }

            var outcome = await intake.AcceptAsync(id, options.Gateway.RequestTenant, submission, messageId, place, leave, reply);
            var isTransient = outcome.Problem is { RetryAfterSeconds: not null } problem && !Lasting.Contains(problem.Code);
            return isTransient ? null : (Outcome<Accepted>?)outcome;
        }
        catch (DbException exception)
        {
            LogStoreAway(exception);
            return null;
        }
    }

    /// <summary>Whether a request of this id, of whichever tenant, came otherwise than by this message.</summary>
    private async Task<bool> IsTakenAsync(Guid id, string messageId, CancellationToken leave) =>
        await store.FindByKeyAsync(options.Gateway.RequestTenant, messageId, leave) is null
        && (await store.AnsweredAsync([id], leave)).Count > 0;

    /// <summary>A message that came again may ask for its answer at another address than the first did.</summary>
    private async Task AnswerReplayAsync(Accepted accepted, ReplyAddress? reply, CancellationToken leave)
    {
        if (!accepted.IsReplay || reply is null)
        {
            return;
        }

        var result = accepted.Result;
        while (result is null)
        {
            await Task.Delay(Look, time, leave);
            result = (await store.FindAsync(options.Gateway.RequestTenant, accepted.Id, leave))?.Result;
        }

        await replies.SendAsync(reply, accepted.Id, result, leave);
    }

    private async Task<Handled> RefuseAsync(Problem problem, ReplyAddress? reply, string? messageId, CancellationToken leave)
    {
        PipelineMetrics.Refused(Operation, problem.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), problem.Code);
        LogRefused(messageId, problem.Code);
        if (reply is null)
        {
            return Handled.DeadLetter;
        }

        await replies.SendAsync(reply, problem, leave);
        return Handled.Done;
    }

    /// <summary>The pipeline's own queues are not for replies: whoever may write here only could write there too.</summary>
    private static (ReplyAddress? Reply, Problem? Problem) ReadReply(IReadOnlyBasicProperties properties) => properties.ReplyTo switch
    {
        null or "" => (null, null),
        var queue when Topology.IsOwn(queue) => (null, Problems.InvalidReplyTo()),
        var queue => (new ReplyAddress(queue, properties.CorrelationId), null),
    };

    private static string MediaType(string contentType) => contentType.Split(';')[0].Trim();

    [LoggerMessage(Level = LogLevel.Information, Message = "The request message {MessageId} is refused: {Code}.")]
    private partial void LogRefused(string? messageId, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "The request message {MessageId} could not be handled and becomes a dead letter.")]
    private partial void LogFailed(Exception exception, string? messageId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store is away; request messages wait.")]
    private partial void LogStoreAway(Exception exception);
}
