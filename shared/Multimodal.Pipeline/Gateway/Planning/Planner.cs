using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Trust;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Makes the plan of a request from the gate's logits and the experts' load, cost and trust.</summary>
internal sealed class Planner(TimeProvider time)
{
    /// <summary>The strategy that considers costs. A budget without a strategy implies it.</summary>
    internal const string Budgeted = "budget";

    /// <summary>Maximum share of the timeout that a request may spend in an expert's queue. The rest is for inference and fusion.</summary>
    internal const double MaxWaitShare = 0.8;

    /// <summary>Makes the plan.</summary>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="input">The request.</param>
    /// <param name="loads">The load of each expert, in the order of the gate.</param>
    /// <param name="trust">Trust learned from feedback; null if the ensemble does not learn.</param>
    /// <returns>The plan; without experts if all are masked.</returns>
    public ExecutionPlan Plan(Ensemble ensemble, PlanInput input, IReadOnlyList<ExpertLoad> loads, PlanTrust? trust = null)
    {
        var (request, options, present, features, featuresMs, timeout) = input;
        var start = time.GetTimestamp();
        var gate = ((options.GateVersion is { } forced ? ensemble.FindVersion(forced) : null) ?? ensemble.VersionFor(request)).Gate;
        var experts = gate.Experts.Select(name => ensemble.Experts[name]).ToArray();
        SkipReason?[] masks = [.. experts.Select((expert, i) => Mask(expert, options, present, loads[i], timeout * MaxWaitShare))];
        SkipEmpty(experts, input.Empty, masks);
        var available = Array.ConvertAll(masks, mask => mask is null);
        var strategy = options.Strategy ?? (options.Budget is null ? ensemble.Package.Defaults.Strategy : Budgeted);
        var selector = new ExpertSelector(gate, strategy, Array.ConvertAll(experts, expert => (int)expert.Modality));
        var selection = selector.Select(features, available, options.K ?? ensemble.Package.Defaults.K, new Steering
        {
            Bias = [.. loads.Select(load => load.Bias)],
            Full = [.. loads.Select(load => load.Wait > timeout / 2)],
            Costs = Array.ConvertAll(experts, expert => expert.Cost),
            Budget = options.Budget ?? double.PositiveInfinity,
            Trust = trust?.ForSelection(gate.Experts),
        });
        var (weights, waves) = (selection.Weights, selection.Waves);
        var planned = experts.Index().Where(expert => weights[expert.Index] > 0).OrderBy(expert => waves[expert.Index]).ThenByDescending(expert => weights[expert.Index]);
        var skipped = experts.Index().Where(expert => weights[expert.Index] <= 0);
        return new ExecutionPlan
        {
            GateVersion = gate.Version,
            Strategy = strategy,
            K = selection.K,
            Price = selector.AsksInWaves ? options.Price ?? ensemble.Package.Defaults.Price ?? ExpectedGain.DefaultPrice : null,
            Fusion = options.Fusion ?? ensemble.Package.Defaults.Fusion,
            Experts =
            [
                .. planned.Select(expert => new PlannedExpert(expert.Item.Name, expert.Item.Modality, weights[expert.Index], waves[expert.Index])
                {
                    Trust = trust?.TrustOf(expert.Item.Name),
                }),
            ],
            Online = trust?.Weights(planned.Select(expert => expert.Item.Name), ensemble),
            Skipped =
            [
                .. skipped.Select(expert =>
                    SkippedExpert.For(expert.Item.Name, expert.Item.Modality, masks[expert.Index] ?? SkipReason.NotChosen)),
            ],
            Features = features,
            FeaturesMs = featuresMs,
            GateMs = time.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    /// <summary>
    /// Masks the experts of parts that show nothing if another expert can be selected. Otherwise they stay and decline, so that the answer is
    /// undecided.
    /// </summary>
    private static void SkipEmpty(ExpertPackage[] experts, IReadOnlySet<Modality> empty, SkipReason?[] masks)
    {
        if (experts.Index().Any(expert => masks[expert.Index] is null && !empty.Contains(expert.Item.Modality)))
        {
            foreach (var (i, expert) in experts.Index())
            {
                masks[i] = masks[i] is null && empty.Contains(expert.Modality) ? SkipReason.Empty : masks[i];
            }
        }
    }

    /// <returns>Why the expert cannot be selected; null if it can.</returns>
    internal static SkipReason? Mask(ExpertPackage expert, MultimodalRequestOptions options, IReadOnlySet<Modality> present, ExpertLoad load, TimeSpan maxWait)
    {
        if (!present.Contains(expert.Modality))
        {
            return SkipReason.AbsentModality;
        }

        if (options.Experts is { } allowed && !allowed.Contains(expert.Name, StringComparer.Ordinal))
        {
            return SkipReason.NotAllowed;
        }

        return !load.IsServed ? SkipReason.NoWorker : load.Wait > maxWait ? SkipReason.Overloaded : null;
    }
}
