using System.Globalization;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>
/// Replies with refusals and with the answers to repeated messages. <see cref="ResultRecorder"/> sends the answer to a new request.
/// </summary>
internal sealed partial class AmqpReplies(ReplySender replies, RequestStore store, GatewayOptions options, TimeProvider time, ILogger<AmqpReplies> logger)
{
    private const string Operation = "AmqpRequest";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends a refusal to the client's reply address. Without a reply address the message becomes a dead letter.</summary>
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

    /// <summary>Sends the answer to a repeated message, whose reply address may differ from that of the first.</summary>
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
            try
            {
                result = (await store.FindAsync(options.RequestTenant, accepted.Id, cancellationToken))?.Result;
            }
            catch (StoreUnavailableException)
            {
                // The next poll may find the store available.
            }
        }

        await replies.SendAsync(reply, accepted.Id, result, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request message {MessageId} was refused: {Code}.")]
    private partial void LogRefused(string? messageId, string code);
}
