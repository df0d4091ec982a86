using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Trust;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Computes under which key the cache has the answer to a request. Requests with the same key get the same answer from experts.</summary>
internal sealed class AnswerKeys(TrustCache trust)
{
    private readonly ConditionalWeakTable<Ensemble, object> _loads = [];
    private long _count;

    /// <summary>
    /// The key: SHA-256 over the tenant, the loaded ensemble, the version that plans the request, the revision of the trust, the parts, and all options
    /// but those that only say when and where the answer arrives.
    /// </summary>
    /// <returns>Null if experts must be asked, because the request explores or is sampled for a shadow expert.</returns>
    public string? Of(IncomingRequest request, CheckedSubmission submission)
    {
        var (ensemble, options) = (submission.Ensemble, submission.Submission.Options);
        var plan = trust.Find(request.Tenant, ensemble)?.For(request.Id);
        if (plan?.Explores == true || IsSampled(request, submission))
        {
            return null;
        }

        var content = new
        {
            request.Tenant,
            Load = (long)_loads.GetValue(ensemble, _ => Interlocked.Increment(ref _count)),
            Version = options.GateVersion ?? ensemble.VersionFor(request.Id).Name,
            plan?.Snapshot.Stored.Revision,
            Parts = submission.Digests.OrderBy(part => part.Key),
            Options = options with { Ensemble = null, GateVersion = null, Subscription = null, DeadlineMs = null, Priority = Priority.Normal },
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, JsonFormat.Options)));
    }

    /// <summary>Whether a shadow expert should get the request, if it can.</summary>
    private static bool IsSampled(IncomingRequest request, CheckedSubmission submission) => ShadowPlan.Of(
        submission.Ensemble,
        request.Id,
        submission.Submission.Options,
        submission.Submission.Parts.Keys.ToHashSet(),
        new ShadowLimits(_ => ExpertLoad.Idle, TimeSpan.FromDays(1))).Any(shadow => shadow.Skipped is null);
}
