using System.Data.Common;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>
/// Accepts request messages. Retries while the gateway is overloaded or its store or broker is unavailable, because a message can wait
/// where an HTTP call is refused.
/// </summary>
internal sealed partial class AmqpIntake(
    RequestIntake intake,
    AdmissionControl admission,
    RequestStore store,
    Readiness readiness,
    GatewayOptions options,
    TimeProvider time,
    ILogger<AmqpIntake> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Refusals that may last for hours. Retrying them would block the queue.</summary>
    private static readonly string[] LastingCodes = [Problems.NoWorker(0).Code, Problems.DeadlineUnreachable(0).Code];

    /// <summary>Accepts or refuses a request. Retries transient refusals.</summary>
    public async Task<Outcome<AcceptedRequest>> AcceptAsync(
        RequestMessage message, Submission submission, ReplyAddress? reply, CancellationToken cancellationToken)
    {
        var identity = RequestIdentities.Of(options.RequestTenant, message.MessageId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString());
        while (true)
        {
            if (await TryAcceptAsync(identity, message, submission, reply, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    /// <returns>Null if a retry may succeed soon: no slot is free, or the store or the broker is unavailable.</returns>
    private async Task<Outcome<AcceptedRequest>?> TryAcceptAsync(
        RequestIdentity identity, RequestMessage message, Submission submission, ReplyAddress? reply, CancellationToken cancellationToken)
    {
        if (!readiness.IsReady || await admission.WaitForTurnAsync(identity, cancellationToken) is not null)
        {
            return null;
        }

        using var slot = admission.TryEnter(identity, submission.Options.Priority, out _);
        if (slot is null)
        {
            return null;
        }

        try
        {
            // A client that uses a UUID as message id knows the request's id before it receives any answer.
            if (!Guid.TryParseExact(message.MessageId, "D", out var id))
            {
                id = Guid.CreateVersion7(time.GetUtcNow());
            }
            else if (await IsTakenAsync(id, message.MessageId!, cancellationToken))
            {
                return Problems.IdempotencyKeyReused();
            }

            var request = new IncomingRequest(id, options.RequestTenant, submission)
            {
                IdempotencyKey = message.MessageId,
                Cache = CacheDirectives.Read(message.CacheControl),
                ReplyTo = reply,
            };
            var outcome = await intake.AcceptAsync(request, slot, cancellationToken);
            var isTransient = outcome.Problem is { RetryAfterSeconds: not null } problem && !LastingCodes.Contains(problem.Code);
            if (isTransient)
            {
                return null;
            }

            slot.EndPlace();
            return outcome;
        }
        catch (DbException exception)
        {
            if (exception is not StoreUnavailableException)
            {
                LogStoreUnavailable(exception);
            }

            return null;
        }
    }

    /// <summary>Whether another request, of any tenant, uses the id.</summary>
    private async Task<bool> IsTakenAsync(Guid id, string messageId, CancellationToken cancellationToken) =>
        await store.FindByKeyAsync(options.RequestTenant, messageId, cancellationToken) is null
        && (await store.AnsweredAsync([id], cancellationToken)).Count > 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request store is unavailable; request messages wait until it is back.")]
    private partial void LogStoreUnavailable(Exception exception);
}
