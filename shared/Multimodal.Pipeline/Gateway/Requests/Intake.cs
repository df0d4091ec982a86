using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Turns a submission into an accepted request, or says why not. What it refuses leaves nothing behind.</summary>
internal sealed partial class Intake(
    EnsembleCatalog ensembles,
    Standings standings,
    GatewayIdentity identity,
    PartReader reader,
    Planner planner,
    TrustBoard trust,
    IBlobStore blobs,
    RequestStore store,
    FuseSender sender,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<Intake> logger)
{
    /// <summary>Accepts a submission; its row is durable when the task ends.</summary>
    /// <param name="id">The id to give it.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="submission">What was sent.</param>
    /// <param name="idempotencyKey">The client's key, or null.</param>
    /// <param name="place">The request's place, which is kept when it is accepted.</param>
    /// <param name="cancellationToken">Gives up before the request is stored; not after.</param>
    /// <param name="replyTo">Where the client wants the answer too, or null.</param>
    public async Task<Outcome<Accepted>> AcceptAsync(
        Guid id, string tenant, Submission submission, string? idempotencyKey, AdmissionControl.Place place, CancellationToken cancellationToken,
        ReplyAddress? replyTo = null)
    {
        using var scope = RequestScope.Begin(logger, id);
        using var span = Traces.Start("multimodal.accept", id);
        var acceptedAt = time.GetUtcNow();
        var name = submission.Options.Ensemble ?? options.DefaultEnsemble;
        if (!ensembles.TryGet(name, out var ensemble))
        {
            return Problems.InvalidOptions(new Dictionary<string, string>
            {
                ["options.ensemble"] = "must be one of " + string.Join(", ", ensembles.All.Select(known => known.Name)),
            });
        }

        if (Planner.Check(ensemble, submission.Options) is { Count: > 0 } errors)
        {
            return Problems.InvalidOptions(errors);
        }

        var digests = submission.Parts.ToDictionary(part => part.Key, part => Convert.ToHexStringLower(SHA256.HashData(part.Value.Span)));
        var fingerprint = Fingerprint(digests, submission.Options);
        if (idempotencyKey is not null && await store.FindByKeyAsync(tenant, idempotencyKey, cancellationToken) is { } earlier)
        {
            return Replay(earlier, fingerprint);
        }

        var read = await reader.ReadAsync(submission.Parts, cancellationToken);
        if (read.Value is not { } parts)
        {
            return read.Problem!;
        }

        var budget = TimeSpan.FromMilliseconds(submission.Options.DeadlineMs ?? DefaultDeadline(ensemble));
        var plan = planner.Plan(
            ensemble, id, submission.Options, parts.Modalities, parts.Features, parts.FeaturesMs, standings.Of(ensemble), budget,
            trust.Of(tenant, ensemble)?.For(id)) with
        {
            Shadows = ShadowPlan.Of(ensemble, id, submission.Options, parts.Modalities, expert => standings.Of(name, expert), budget),
        };
        PipelineMetrics.Planned(name, plan);
        span?.SetTag("multimodal.features_ms", plan.FeaturesMs).SetTag("multimodal.gate_ms", plan.GateMs).SetTag("multimodal.experts", plan.Experts.Count);
        if (plan.Experts.Count == 0)
        {
            return plan.Skipped.Any(expert => expert.Reason == SkipReason.Overloaded) ? Problems.TooSlow(options.Gateway.RetryAfterSeconds)
                : plan.Skipped.Any(expert => expert.Reason == SkipReason.NoWorker) ? Problems.NoWorker(options.Gateway.RetryAfterSeconds)
                : Problems.NoExpert();
        }

        try
        {
            var fuse = new Fuse
            {
                RequestId = id,
                Tenant = tenant,
                Subscription = submission.Options.Subscription ?? "default",
                Ensemble = name,
                Parts = await StoreAsync(id, tenant, submission, parts, digests, cancellationToken),
                Plan = plan,
                Priority = submission.Options.Priority,
                AcceptedAt = acceptedAt,
                Deadline = acceptedAt + budget,
                Gateway = identity.Instance,
                TraceContext = Traces.Context,
                ReplyTo = replyTo,
            };
            if (!await store.AddAsync(fuse, idempotencyKey, fingerprint) && await store.FindAsync(tenant, id, CancellationToken.None) is null)
            {
                // Somebody else came first with the same key, between our look and our write.
                await RemoveAsync(tenant, id);
                return Replay((await store.FindByKeyAsync(tenant, idempotencyKey!, cancellationToken))!, fingerprint);
            }

            // From here on the request is accepted. Should the message be lost, the watchdog sends it again.
            place.Keep(id, fuse.Deadline);
            PipelineMetrics.RequestAccepted(name, isReplay: false);
            await sender.SendAsync(fuse);
            return new Accepted(id, null, IsReplay: false);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            // A commit whose confirmation got lost may stand all the same; then the request needs its payloads. If not, a later start
            // removes them.
            LogNotStored(exception, id);
            if (exception is not DbException { IsTransient: true })
            {
                await RemoveAsync(tenant, id);
            }

            return exception is BlobStoreException
                ? Problems.BlobsFailed(options.Gateway.RetryAfterSeconds)
                : Problems.StoreFailed(options.Gateway.RetryAfterSeconds);
        }
        catch (OperationCanceledException)
        {
            await RemoveAsync(tenant, id);
            throw;
        }
    }

    /// <summary>What cannot be removed now is removed by the clean-up.</summary>
    private async Task RemoveAsync(string tenant, Guid id)
    {
        try
        {
            await blobs.DeleteAsync(tenant, id, CancellationToken.None);
        }
        catch (BlobStoreException exception)
        {
            LogNotRemoved(exception, id);
        }
    }

    private int DefaultDeadline(Ensemble ensemble) =>
        Math.Min(options.Gateway.MaxDeadlineMs, (int)ensemble.Package.Defaults.Deadline.TotalMilliseconds);

    private static Outcome<Accepted> Replay(StoredRequest earlier, string fingerprint)
    {
        if (earlier.Fingerprint != fingerprint)
        {
            return Problems.IdempotencyKeyReused();
        }

        PipelineMetrics.RequestAccepted(earlier.Ensemble, isReplay: true);
        return new Accepted(earlier.Id, earlier.Result, IsReplay: true);
    }

    private async Task<IReadOnlyList<MediaPart>> StoreAsync(
        Guid id, string tenant, Submission submission, PartsRead read, Dictionary<Modality, string> digests, CancellationToken cancellationToken)
    {
        var parts = new List<MediaPart>();
        foreach (var (modality, content) in submission.Parts)
        {
            var isInline = content.Length <= options.Blobs.InlineBytes;
            parts.Add(new MediaPart
            {
                Modality = modality,
                MediaType = read.MediaTypes[modality],
                Length = content.Length,
                Sha256 = digests[modality],
                Inline = isInline ? content.ToArray() : null,
                Blob = isInline ? null : await blobs.WriteAsync(tenant, id, modality, content, cancellationToken),
            });
        }

        return parts;
    }

    /// <summary>SHA-256 over what was asked, whichever way it was encoded.</summary>
    private static string Fingerprint(Dictionary<Modality, string> digests, MultimodalRequestOptions options)
    {
        var asked = JsonSerializer.Serialize(new { Parts = digests.OrderBy(part => part.Key).Select(part => $"{part.Key}:{part.Value}"), options }, JsonFormat.Options);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be stored and is refused.")]
    private partial void LogNotStored(Exception exception, Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The payloads of request {RequestId}, which was refused, could not be removed.")]
    private partial void LogNotRemoved(Exception exception, Guid requestId);
}
