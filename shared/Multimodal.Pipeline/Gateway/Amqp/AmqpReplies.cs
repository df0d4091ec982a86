using System.Globalization;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>Sends refusals, and the answers to repeated messages. The answer to a new request is sent by <see cref="ResultRecorder"/>.</summary>
internal sealed partial class AmqpReplies(ReplySender replies, RequestStore store, GatewayOptions options, TimeProvider time, ILogger<AmqpReplies> logger)
{
    private const string Operation = "AmqpRequest";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends a refusal to the client's reply address; without one the message becomes a dead letter.</summary>
    public async Task<Settlement> RefuseAsync(RequestMessage message, ReplyAddress? reply, Problem problem, CancellationToken cancellationToken)
    {
        PipelineMetrics.Refused(Operation, problem.Status.ToString(CultureInfo.InvariantCulture), problem.Code);
        LogRefused(message.MessageId, problem.Code);
        if (reply is null)
        {
            return Settlement.DeadLetter;
        }

        await replies.SendAsync(reply, problem, cancellationToken);
        return Settlement.Ack;
    }

    /// <summary>Sends the answer to a repeated message, whose reply address may differ from the first one's.</summary>
    public async Task AnswerReplayAsync(AcceptedRequest accepted, ReplyAddress? reply, CancellationToken cancellationToken)
    {
        if (!accepted.IsReplay || reply is null)
        {
            return;
        }

        var result = accepted.Result;
        while (result is null)
        {
            await Task.Delay(PollInterval, time, cancellationToken);
            result = (await store.FindAsync(options.RequestTenant, accepted.Id, cancellationToken))?.Result;
        }

        await replies.SendAsync(reply, accepted.Id, result, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The request message {MessageId} is refused: {Code}.")]
    private partial void LogRefused(string? messageId, string code);
}
