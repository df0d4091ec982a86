using System.Data.Common;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Stores a planned request and sends it to a combiner: first the payloads, then the row, then the message. Within one process with a database file, the message of a request without an idempotency key does not wait
/// for the row, so the row and its result can share a commit. A crash loses both, before the client has a reply.
/// </summary>
internal sealed partial class RequestPersister(
    PayloadWriter payloads, RequestStore store, FuseSender sender, GatewayIdentity identity, GatewayOptions options, ILogger<RequestPersister> logger)
{
    /// <summary>Stores the request. Its row is durable when the task completes.</summary>
    /// <param name="accepting">The request and its plan.</param>
    /// <param name="slot">Its admission slot, which a stored request keeps.</param>
    /// <param name="cancellationToken">Cancels the call until the row is stored.</param>
    public async Task<Outcome<AcceptedRequest>> PersistAsync(AcceptingRequest accepting, AdmissionControl.Slot slot, CancellationToken cancellationToken)
    {
        var (id, tenant, key, fingerprint) = (accepting.Request.Id, accepting.Request.Tenant, accepting.Request.IdempotencyKey, accepting.Submission.Fingerprint);
        try
        {
            var fuse = await ComposeAsync(accepting, cancellationToken);

            // Of several calls with one key, only the first may ask experts, so these wait for the row.
            var isLocal = key is null && sender.IsLocal && store.IsOrdered;
            var adding = store.AddAsync(fuse, key, fingerprint);
            if (isLocal)
            {
                // The writer has the row, so it stores the result after it or with it.
                slot.Keep(id, fuse.Deadline);
                await sender.SendAsync(fuse);
            }

            if (!await adding && await store.FindAsync(tenant, id, CancellationToken.None) is null)
            {
                // Another call with the same key was stored after the check.
                await payloads.RemoveAsync(tenant, id);
                return Replay((await store.FindByKeyAsync(tenant, key!, cancellationToken))!, fingerprint);
            }

            // The request is now accepted. If its message is lost, the watchdog resends it.
            PipelineMetrics.RequestAccepted(fuse.Ensemble, isReplay: false);
            if (!isLocal)
            {
                slot.Keep(id, fuse.Deadline);
                await sender.SendAsync(fuse);
            }

            return new AcceptedRequest(id, null, IsReplay: false);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            if (exception is not (StoreUnavailableException or BlobStoreException))
            {
                LogNotStored(exception, id);
            }

            slot.Withdraw(id);

            // After a transient database error the commit may have succeeded, so the payloads must stay. If it failed, BlobCleanUp deletes
            // them.
            if (exception is not DbException { IsTransient: true })
            {
                await payloads.RemoveAsync(tenant, id);
            }

            return exception is BlobStoreException ? Problems.BlobsUnavailable(options.RetryAfterSeconds) : Problems.StoreUnavailable(options.RetryAfterSeconds);
        }
        catch (Exception exception)
        {
            slot.Withdraw(id);
            await (exception is OperationCanceledException ? payloads.RemoveAsync(tenant, id) : Task.CompletedTask);
            throw;
        }
    }

    /// <summary>Handles a repeated idempotency key: returns the earlier request if its content is the same, else refuses.</summary>
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
        var (request, requestOptions) = (accepting.Request, accepting.Request.Submission.Options);
        return new Fuse
        {
            RequestId = request.Id,
            Tenant = request.Tenant,
            Subscription = requestOptions.Subscription ?? "default",
            Ensemble = accepting.Submission.Ensemble.Name,
            Parts = await payloads.WriteAsync(accepting, cancellationToken),
            Plan = accepting.Plan,
            Priority = requestOptions.Priority,
            AcceptedAt = accepting.AcceptedAt,
            Deadline = accepting.AcceptedAt + accepting.Timeout,
            Gateway = identity.Instance,
            TraceContext = Traces.Context,
            ReplyTo = request.ReplyTo,
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be stored and was refused.")]
    private partial void LogNotStored(Exception exception, Guid requestId);
}
