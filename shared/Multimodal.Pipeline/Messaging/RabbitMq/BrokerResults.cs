using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Versions;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Publishes answers to the topic exchange <c>multimodal.results</c>, in the JSON that HTTP clients read, so that clients can bind their own
/// queues. The gateways share the queue <c>results</c>.
/// </summary>
internal sealed partial class BrokerResults(
    BrokerLink link, DrainToken drain, TimeProvider time, ILogger<BrokerResults> logger) : IResultChannel
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    public async Task PublishAsync(AnswerCombined combined, CancellationToken cancellationToken)
    {
        using var span = Traces.Start("multimodal.publish", combined.Answer.Id, ActivityKind.Producer);
        var (properties, body) = ResultMessage.Encode(combined);
        await link.PublishAsync(new BrokerMessage(Topology.ResultsExchange, ResultMessage.RoutingKey(combined), properties, body), cancellationToken);
    }

    public async Task PublishAsync(ShadowAnswered shadow, CancellationToken cancellationToken)
    {
        var (properties, body) = ResultMessage.Encode(shadow);
        await link.PublishAsync(BrokerMessage.To(Topology.ResultsQueue, properties, body), cancellationToken);
    }

    public Task ServeAsync(
        int concurrency, Func<AnswerCombined, string?, Task> record, Func<ShadowAnswered, Task> recordShadow, CancellationToken cancellationToken) => link.ServeAsync(
        new BrokerSubscription(
            Topology.ResultsQueue,
            (ushort)concurrency,
            (properties, body, lost) => properties.Type == ResultMessage.Shadow
                ? RecordAsync(properties, body, recordShadow, lost)
                : RecordAsync(properties, body, record, lost)),
        cancellationToken);

    public async Task NotifyAsync(Guid gateway, Guid request, string result)
    {
        var properties = new BasicProperties { Type = ResultMessage.Recorded, MessageId = request.ToString() };
        using var timeout = new CancellationTokenSource(RetryDelay, time);
        try
        {
            await link.PublishTransientAsync(
                BrokerMessage.To(Topology.GatewayQueue(gateway), properties, Encoding.UTF8.GetBytes(result)), timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || BrokerConnection.IsConnectionFailure(exception))
        {
            // The gateway that waits for the result also polls the store.
        }
    }

    private async Task<Settlement> RecordAsync(IReadOnlyBasicProperties properties, byte[] body, Func<AnswerCombined, string?, Task> record, CancellationToken lost)
    {
        if (ResultMessage.Decode(properties, body) is not { } combined)
        {
            LogUnreadable(properties.MessageId);
            return Settlement.DeadLetter;
        }

        using var span = Traces.Receive("multimodal.record", Traces.HeaderOf(properties.Headers), combined.Answer.Id);

        // A newer combiner may have written values that clients of this version do not know, so its answer is written again.
        var json = combined.MessageVersion <= MessageVersions.Current ? Encoding.UTF8.GetString(body) : null;
        return await PersistAsync(combined.Answer.Id, () => record(combined, json), lost);
    }

    private async Task<Settlement> RecordAsync(IReadOnlyBasicProperties properties, byte[] body, Func<ShadowAnswered, Task> record, CancellationToken lost)
    {
        if (ResultMessage.DecodeShadow(body) is not { } shadow)
        {
            LogUnreadable(properties.MessageId);
            return Settlement.DeadLetter;
        }

        return await PersistAsync(shadow.RequestId, () => record(shadow), lost);
    }

    private async Task<Settlement> PersistAsync(Guid request, Func<Task> record, CancellationToken lost)
    {
        while (!drain.IsOver && !lost.IsCancellationRequested)
        {
            try
            {
                await record();
                return Settlement.Ack;
            }
            catch (Exception exception)
            {
                // The store may recover soon. A requeued message would be redelivered immediately.
                if (exception is not StoreUnavailableException)
                {
                    LogNotRecorded(exception, request);
                }

                await Task.Delay(RetryDelay, time, CancellationToken.None);
            }
        }

        return Settlement.None;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Result message {MessageId} cannot be read and becomes a dead letter.")]
    private partial void LogUnreadable(string? messageId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The result of request {RequestId} could not be recorded; retrying.")]
    private partial void LogNotRecorded(Exception exception, Guid requestId);
}
