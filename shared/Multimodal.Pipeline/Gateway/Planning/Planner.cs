using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Trust;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Lets the gate decide which experts are worth running.</summary>
internal sealed class Planner(TimeProvider time)
{
    /// <summary>The strategy that looks at what experts cost; a budget alone chooses it.</summary>
    internal const string Budgeted = "budget";

    /// <summary>Share of its time that a request may spend in one expert's queue: it still has to be judged and combined.</summary>
    internal const double MaxWaitShare = 0.8;

    /// <summary>Makes the plan.</summary>
    /// <param name="ensemble">Who could be asked.</param>
    /// <param name="input">The request.</param>
    /// <param name="loads">The load of each expert, in the order of the gate.</param>
    /// <param name="trust">What feedback has taught; null for an ensemble that does not learn from it.</param>
    /// <returns>The plan; without any expert when all are masked.</returns>
    public ExecutionPlan Plan(Ensemble ensemble, PlanInput input, IReadOnlyList<ExpertLoad> loads, PlanTrust? trust = null)
    {
        var (request, options, present, features, featuresMs, timeout) = input;
        var start = time.GetTimestamp();
        var gate = ((options.GateVersion is { } forced ? ensemble.FindVersion(forced) : null) ?? ensemble.VersionFor(request)).Gate;
        var experts = gate.Experts.Select(name => ensemble.Experts[name]).ToArray();
        SkipReason?[] masks = [.. experts.Select((expert, i) => Mask(expert, options, present, loads[i], timeout * MaxWaitShare))];
        var available = Array.ConvertAll(masks, mask => mask is null);
        var modalities = Array.ConvertAll(experts, expert => (int)expert.Modality);
        var logits = new double[experts.Length];
        var weights = new double[experts.Length];
        gate.Score(features, logits);
        trust?.Steer(gate.Experts, logits);
        var strategy = options.Strategy ?? (options.Budget is null ? ensemble.Package.Defaults.Strategy : Budgeted);
        var selection = SelectionStrategies.Table[strategy];
        var candidates = new Candidates(logits, available, modalities)
        {
            Bias = loads.Select(load => load.Bias).ToArray(),
            Full = loads.Select(load => load.Wait > timeout / 2).ToArray(),
            Costs = Array.ConvertAll(experts, expert => expert.Cost),
            Budget = options.Budget ?? double.PositiveInfinity,
        };
        var waves = new int[experts.Length];
        var k = selection.Select(candidates, options.K ?? ensemble.Package.Defaults.K, weights);
        selection.Order(candidates, weights, waves);
        var asked = experts.Index().Where(expert => weights[expert.Index] > 0).OrderBy(expert => waves[expert.Index]).ThenByDescending(expert => weights[expert.Index]);
        var skipped = experts.Index().Where(expert => weights[expert.Index] <= 0);
        return new ExecutionPlan
        {
            GateVersion = gate.Version,
            Strategy = strategy,
            K = k,
            Price = selection.AsksInWaves ? options.Price ?? ensemble.Package.Defaults.Price ?? ValueOfAsking.UsualPrice : null,
            Fusion = options.Fusion ?? ensemble.Package.Defaults.Fusion,
            Experts =
            [
                .. asked.Select(expert => new PlannedExpert(expert.Item.Name, expert.Item.Modality, weights[expert.Index], waves[expert.Index])
                {
                    Trust = trust?.Of(expert.Item.Name),
                }),
            ],
            Online = trust?.Weights(asked.Select(expert => expert.Item.Name), ensemble),
            Skipped =
            [
                .. skipped.Select(expert =>
                    new SkippedExpert(expert.Item.Name, expert.Item.Modality, masks[expert.Index] ?? SkipReason.NotChosen)),
            ],
            Features = features,
            FeaturesMs = featuresMs,
            GateMs = time.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    /// <returns>Why the expert cannot be chosen; null when it can.</returns>
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
