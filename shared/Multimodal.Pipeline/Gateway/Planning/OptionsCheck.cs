using Multimodal.Contracts.Requests;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Checks a request's options against the ensemble that answers it.</summary>
internal static class OptionsCheck
{
    /// <summary>Finds names that the ensemble does not know.</summary>
    /// <returns>The problems by path; empty if there is none.</returns>
    public static SortedDictionary<string, string> Check(Ensemble ensemble, MultimodalRequestOptions options)
    {
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (options.Strategy is { } strategy && !SelectionStrategies.Table.Contains(strategy))
        {
            errors["options.strategy"] = "must be one of " + string.Join(", ", SelectionStrategies.Table.Names);
        }

        if (options is { Budget: not null, Strategy: not (null or Planner.Budgeted) })
        {
            errors["options.budget"] = $"needs the strategy {Planner.Budgeted}, or none";
        }

        if (options.Fusion is { } fusion && !ensemble.Fusions.Contains(fusion, StringComparer.Ordinal))
        {
            errors["options.fusion"] = "must be one of " + string.Join(", ", ensemble.Fusions);
        }

        if (options.GateVersion is { } version && ensemble.FindVersion(version) is null)
        {
            errors["options.gateVersion"] = "must be one of " + string.Join(", ", ensemble.Versions.Select(known => known.Name));
        }

        foreach (var (index, name) in (options.Experts ?? []).Index())
        {
            if (!ensemble.Experts.ContainsKey(name))
            {
                errors[$"options.experts[{index}]"] = "must be one of " + string.Join(", ", ensemble.Package.Experts.Select(expert => expert.Package.Name));
            }
        }

        return errors;
    }
}
