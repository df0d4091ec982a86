using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Answers requests without experts: a repeat with the same idempotency key, and a request whose answer is in the cache. A request that the cache
/// answers is stored, published and delivered like any other.
/// </summary>
internal sealed class EarlierAnswers(
    RequestStore store, AnswerKeys keys, AnswerCache cache, CachedPublisher publisher, ResultNotifier notifier, GatewayIdentity identity, TimeProvider time)
{
    /// <summary>Looks for an earlier answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="submission">What the client sent, checked.</param>
    /// <param name="acceptedAt">When the intake began.</param>
    /// <param name="cancellationToken">Cancels the search, but not the storing of an answer.</param>
    public async Task<EarlierAnswer> FindAsync(
        IncomingRequest request, CheckedSubmission submission, DateTimeOffset acceptedAt, CancellationToken cancellationToken)
    {
        if (await FindRepeatAsync(request, submission, cancellationToken) is { } repeat)
        {
            return new EarlierAnswer(repeat);
        }

        if (!cache.IsOn)
        {
            return default;
        }

        var known = await LookUpAsync(request, submission, acceptedAt, cancellationToken);
        PipelineMetrics.CacheLookedUp(submission.Ensemble.Name, JsonFormat.Kebab(known.Cache));
        return known;
    }

    /// <summary>
    /// Keeps the answer that experts will give, unless a deadline or a priority of the request's own may limit them. Call it before the request is sent.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="submission">What the client sent, checked.</param>
    /// <param name="known">What <see cref="FindAsync"/> returned.</param>
    public void Await(IncomingRequest request, CheckedSubmission submission, EarlierAnswer known)
    {
        if (known.Key is { } key && request.Submission.Options is { DeadlineMs: null, Priority: Priority.Normal })
        {
            cache.Await(request.Id, key, submission.Ensemble);
        }
    }

    private async Task<Outcome<AcceptedRequest>?> FindRepeatAsync(IncomingRequest request, CheckedSubmission submission, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is not { } key || await store.FindByKeyAsync(request.Tenant, key, cancellationToken) is not { } earlier)
        {
            return null;
        }

        var repeat = RequestPersister.Replay(earlier, submission.Fingerprint);
        if (repeat.Value is { Result: { } result } && earlier.IsCached)
        {
            // The process that stored it may have crashed before it published it. Consumers ignore a repeat.
            var problem = await publisher.PublishAsync(Combined(request, JsonSerializer.Deserialize<FusedAnswer>(result, JsonFormat.Messages)!));
            return problem ?? repeat;
        }

        return repeat;
    }

    private async Task<EarlierAnswer> LookUpAsync(
        IncomingRequest request, CheckedSubmission submission, DateTimeOffset acceptedAt, CancellationToken cancellationToken)
    {
        if (request.Cache.NoStore)
        {
            return new EarlierAnswer(null, CacheOutcome.Request);
        }

        if (keys.Of(request, submission) is not { } key)
        {
            return new EarlierAnswer(null, CacheOutcome.Bypass);
        }

        if (request.Cache.MaxAge == TimeSpan.Zero)
        {
            return new EarlierAnswer(null, CacheOutcome.Request, key);
        }

        if (!cache.TryFind(key, request.Cache.MaxAge, out var found))
        {
            return new EarlierAnswer(null, CacheOutcome.Miss, key);
        }

        if (await AnswerAsync(request, submission, found, acceptedAt) is { } answered)
        {
            return new EarlierAnswer(answered, CacheOutcome.Hit);
        }

        // Another call with the same idempotency key was stored after the check, or the earlier request was deleted.
        var repeat = await FindRepeatAsync(request, submission, cancellationToken);
        if (repeat is null)
        {
            cache.Remove(key);
        }

        return new EarlierAnswer(repeat, CacheOutcome.Miss, key);
    }

    /// <summary>Stores a request with an answer from the cache, then announces it.</summary>
    /// <returns>Null if it was not stored. A refusal if the broker did not take the answer; a repeat with the same idempotency key publishes it.</returns>
    private async Task<Outcome<AcceptedRequest>?> AnswerAsync(IncomingRequest request, CheckedSubmission submission, CachedAnswer found, DateTimeOffset acceptedAt)
    {
        var origin = found.Answer.Id;
        var answer = found.Answer with { Id = request.Id, Cached = new CacheReport(origin, (long)found.Age.TotalMilliseconds) };
        var result = JsonSerializer.Serialize(answer, JsonFormat.Options);
        var combined = Combined(request, answer);
        var row = new CachedRequest(request.Id, origin)
        {
            Tenant = request.Tenant,
            Subscription = combined.Subscription,
            IdempotencyKey = request.IdempotencyKey,
            Fingerprint = submission.Fingerprint,
            AcceptedAt = acceptedAt,
            Result = result,
            Status = answer.Status,
        };
        var now = time.GetUtcNow();
        var completion = await store.AddCachedAsync(row, now);
        if (completion == Completion.Duplicate)
        {
            // The writer repeats a commit whose reply was lost, and then finds its own row.
            if (await store.FindAsync(request.Tenant, request.Id, CancellationToken.None) is not { IsCached: true })
            {
                return null;
            }

            completion = Completion.RecordedForSubscription;
        }

        PipelineMetrics.RequestAccepted(answer.Ensemble, isReplay: false);
        PipelineMetrics.Answered(answer, (now - acceptedAt).TotalMilliseconds);
        var problem = await publisher.PublishAsync(combined);
        await notifier.NotifyAsync(combined, result, completion);
        if (problem is not null)
        {
            return problem;
        }

        await notifier.ReplyAsync(combined, result);
        return new AcceptedRequest(request.Id, result, IsReplay: false) { Cache = CacheStatus.Hit(found.Age, cache.MaxAge) };
    }

    private AnswerCombined Combined(IncomingRequest request, FusedAnswer answer) => new()
    {
        Tenant = request.Tenant,
        Subscription = request.Submission.Options.Subscription ?? "default",
        Answer = answer,
        Opinions = new Dictionary<string, IReadOnlyList<double>>(),
        Gateway = identity.Instance,
        HasBlobs = false,
        ReplyTo = request.ReplyTo,
    };
}
