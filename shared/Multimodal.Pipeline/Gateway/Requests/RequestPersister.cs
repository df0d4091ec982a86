using System.Data.Common;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Stores a planned request and sends it to a combiner. Payloads first, then the row, then the message.</summary>
internal sealed partial class RequestPersister(
    PayloadWriter payloads, RequestStore store, FuseSender sender, GatewayIdentity identity, GatewayOptions options, ILogger<RequestPersister> logger)
{
    /// <summary>Stores the request; its row is durable when the task ends.</summary>
    /// <param name="accepting">The request and its plan.</param>
    /// <param name="slot">Its admission slot, which it keeps once it is stored.</param>
    /// <param name="cancellationToken">Gives up before the row is stored; not after.</param>
    public async Task<Outcome<AcceptedRequest>> PersistAsync(AcceptingRequest accepting, AdmissionControl.Slot slot, CancellationToken cancellationToken)
    {
        var (id, tenant, key) = (accepting.Request.Id, accepting.Request.Tenant, accepting.Request.IdempotencyKey);
        var fingerprint = accepting.Submission.Fingerprint;
        try
        {
            var fuse = await ComposeAsync(accepting, cancellationToken);
            if (!await store.AddAsync(fuse, key, fingerprint) && await store.FindAsync(tenant, id, CancellationToken.None) is null)
            {
                // Another call with the same key was stored after the check.
                await payloads.RemoveAsync(tenant, id);
                return Replay((await store.FindByKeyAsync(tenant, key!, cancellationToken))!, fingerprint);
            }

            // The request is accepted now. If the message is lost, the watchdog sends it again.
            slot.Keep(id, fuse.Deadline);
            PipelineMetrics.RequestAccepted(fuse.Ensemble, isReplay: false);
            await sender.SendAsync(fuse);
            return new AcceptedRequest(id, null, IsReplay: false);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            LogNotStored(exception, id);

            // After a transient database error the commit may have succeeded, and then the request needs its payloads. If it did not, the clean-up removes them.
            if (exception is not DbException { IsTransient: true })
            {
                await payloads.RemoveAsync(tenant, id);
            }

            return exception is BlobStoreException ? Problems.BlobsFailed(options.RetryAfterSeconds) : Problems.StoreFailed(options.RetryAfterSeconds);
        }
        catch (OperationCanceledException)
        {
            await payloads.RemoveAsync(tenant, id);
            throw;
        }
    }

    /// <summary>The outcome of a repeated idempotency key: the earlier request if it is the same, else a refusal.</summary>
    public static Outcome<AcceptedRequest> Replay(StoredRequest earlier, string fingerprint)
    {
        if (earlier.Fingerprint != fingerprint)
        {
            return Problems.IdempotencyKeyReused();
        }

        PipelineMetrics.RequestAccepted(earlier.Ensemble, isReplay: true);
        return new AcceptedRequest(earlier.Id, earlier.Result, IsReplay: true);
    }

    private async Task<Fuse> ComposeAsync(AcceptingRequest accepting, CancellationToken cancellationToken)
    {
        var (request, asked) = (accepting.Request, accepting.Request.Submission.Options);
        return new Fuse
        {
            RequestId = request.Id,
            Tenant = request.Tenant,
            Subscription = asked.Subscription ?? "default",
            Ensemble = accepting.Submission.Ensemble.Name,
            Parts = await payloads.WriteAsync(accepting, cancellationToken),
            Plan = accepting.Plan,
            Priority = asked.Priority,
            AcceptedAt = accepting.AcceptedAt,
            Deadline = accepting.AcceptedAt + accepting.Timeout,
            Gateway = identity.Instance,
            TraceContext = Traces.Context,
            ReplyTo = request.ReplyTo,
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be stored and is refused.")]
    private partial void LogNotStored(Exception exception, Guid requestId);
}
