using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>
/// Selects the shadow experts that receive a request. The gate does not take part, because shadow experts are evaluated on a random sample.
/// </summary>
internal static class ShadowPlan
{
    /// <summary>Decides for every shadow expert.</summary>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="request">The request's id, which decides the sample.</param>
    /// <param name="options">The request's options. An allow-list also applies to shadow experts; listing one does not make its opinion
    /// count.</param>
    /// <param name="present">The modalities that the request has.</param>
    /// <param name="limits">Load and timeout.</param>
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
                    ?? (StableShare.Draw(request, $"shadow {package.Name}") < share ? null : SkipReason.NotSampled);
                (shadows ??= []).Add(new ShadowExpert(package.Name, package.Modality, skipped));
            }
        }

        return shadows ?? [];
    }
}
