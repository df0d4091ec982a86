using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Which experts in shadow a request is shown to. The gate has no say: they are judged by what is sent, not by what it expects of them.</summary>
internal static class ShadowPlan
{
    /// <summary>Decides about every expert in shadow.</summary>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="request">The request's id, from which the sample is drawn.</param>
    /// <param name="options">An allow-list holds for experts in shadow too; naming one does not make it count.</param>
    /// <param name="present">The modalities that the request has.</param>
    /// <param name="limits">Load and time.</param>
    public static IReadOnlyList<ShadowExpert> Of(
        Ensemble ensemble, Guid request, MultimodalRequestOptions options, IReadOnlySet<Modality> present, ShadowLimits limits)
    {
        List<ShadowExpert>? shadows = null;
        foreach (var expert in ensemble.Package.Experts)
        {
            if (expert.ShadowShare is { } share)
            {
                var package = expert.Package;
                var skipped = Planner.Mask(package, options, present, limits.LoadOf(package.Name), limits.Timeout * Planner.MaxWaitShare)
                    ?? (StableShare.Of(request, $"shadow {package.Name}") < share ? null : SkipReason.NotSampled);
                (shadows ??= []).Add(new ShadowExpert(package.Name, package.Modality, skipped));
            }
        }

        return shadows ?? [];
    }
}
