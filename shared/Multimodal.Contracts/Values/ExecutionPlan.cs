using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>What the gate decided: which experts to ask, in which wave, with what prior weight.</summary>
public sealed record ExecutionPlan
{
    /// <summary>Version of the gate that made the plan.</summary>
    public required string GateVersion { get; init; }

    /// <summary>Name of the selection strategy, for example <c>top-k</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>The largest number of experts the strategy was allowed to choose.</summary>
    public required int K { get; init; }

    /// <summary>
    /// What another opinion must promise, as a gain in the chance of being right, in [0, 1], before an expert of a later wave is asked;
    /// null when all are asked at once.
    /// </summary>
    public double? Price { get; init; }

    /// <summary>Name of the fusion rule, for example <c>learned</c>.</summary>
    public required string Fusion { get; init; }

    /// <summary>The experts to ask; weights sum to one.</summary>
    public required IReadOnlyList<PlannedExpert> Experts { get; init; }

    /// <summary>The experts that are not asked.</summary>
    public required IReadOnlyList<SkippedExpert> Skipped { get; init; }

    /// <summary>What feedback had taught; null for an ensemble that does not learn from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineWeights? Online { get; init; }

    /// <summary>The ensemble's experts in shadow: none of them counts, whatever it says.</summary>
    public IReadOnlyList<ShadowExpert> Shadows { get; init; } = [];

    /// <summary>The gate's input features, unscaled; the learned combiner sees them too.</summary>
    public required IReadOnlyList<float> Features { get; init; }

    /// <summary>Milliseconds spent on features and on the gate.</summary>
    public required double FeaturesMs { get; init; }

    /// <summary>Milliseconds spent on the gate alone.</summary>
    public required double GateMs { get; init; }
}
