using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>
/// Consumes requests that clients send by AMQP: the JSON of <c>POST /v1/requests</c>, with the same intake. A message is acknowledged when
/// its row is stored or its refusal is sent. While the gateway is overloaded or its store is unavailable, it holds as many messages as the
/// prefetch allows. The others stay in the queue, which is the back-pressure.
/// </summary>
internal sealed partial class AmqpRequestConsumer(
    RequestQueues queues,
    AmqpRequestReader reader,
    AmqpIntake intake,
    AmqpReplies replies,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    ILogger<AmqpRequestConsumer> logger)
{
    public Task ConnectAsync(CancellationToken cancellationToken) => queues.ServeAsync(HandleAsync, cancellationToken);

    private async Task<Settlement> HandleAsync(RequestMessage message, CancellationToken lost)
    {
        // When the connection is lost, the broker redelivers the message, perhaps to this process.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, lost);
        var cancellation = ending.Token;
        try
        {
            await readiness.Opened.WaitAsync(cancellation);
            return await HandleAsync(message, AmqpRequestReader.ReadReplyAddress(message), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Settlement.None;
        }
        catch (Exception exception)
        {
            LogFailed(exception, message.MessageId);
            return Settlement.DeadLetter;
        }
    }

    private async Task<Settlement> HandleAsync(RequestMessage message, ReplyAddressRead address, CancellationToken cancellation)
    {
        if (address.Problem is { } invalid)
        {
            return await replies.RefuseAsync(message, address.Reply, invalid, cancellation);
        }

        var submission = await reader.ReadAsync(message);
        if (submission.Value is not { } read)
        {
            return await replies.RefuseAsync(message, address.Reply, submission.Problem!, cancellation);
        }

        if (AmqpRequestReader.BelongsToLow(message, read))
        {
            // In the normal queue it would delay normal requests. If this process crashes after the move, the message is moved twice but
            // accepted once.
            await queues.MoveToLowAsync(message, cancellation);
            return Settlement.Ack;
        }

        var outcome = await intake.AcceptAsync(message, read, address.Reply, cancellation);
        if (outcome.Value is not { } accepted)
        {
            return await replies.RefuseAsync(message, address.Reply, outcome.Problem!, cancellation);
        }

        await replies.AnswerReplayAsync(accepted, address.Reply, cancellation);
        return Settlement.Ack;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request message {MessageId} could not be processed and becomes a dead letter.")]
    private partial void LogFailed(Exception exception, string? messageId);
}
