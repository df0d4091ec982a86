using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>The plan of one request: which experts to ask, in which wave, with which prior weight.</summary>
public sealed record ExecutionPlan
{
    /// <summary>Version of the gate that made the plan.</summary>
    public required string GateVersion { get; init; }

    /// <summary>Name of the selection strategy, for example <c>top-k</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>The maximum number of experts that the strategy could select.</summary>
    public required int K { get; init; }

    /// <summary>
    /// The minimum expected gain in accuracy, in [0, 1], for which an expert of a later wave is asked;
    /// null if all experts are asked at once.
    /// </summary>
    public double? Price { get; init; }

    /// <summary>Name of the fusion rule, for example <c>learned</c>.</summary>
    public required string Fusion { get; init; }

    /// <summary>The experts to ask; weights sum to one.</summary>
    public required IReadOnlyList<PlannedExpert> Experts { get; init; }

    /// <summary>The experts that are not asked.</summary>
    public required IReadOnlyList<SkippedExpert> Skipped { get; init; }

    /// <summary>The trust weights learned from feedback; null for an ensemble that does not learn from feedback.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineWeights? Online { get; init; }

    /// <summary>The ensemble's shadow experts, whose opinions are recorded but not fused.</summary>
    public IReadOnlyList<ShadowExpert> Shadows { get; init; } = [];

    /// <summary>The gate's input features, unscaled; the learned fusion rule uses them too.</summary>
    public required IReadOnlyList<float> Features { get; init; }

    /// <summary>Milliseconds to compute the gate's input features.</summary>
    public required double FeaturesMs { get; init; }

    /// <summary>Milliseconds to run the gate.</summary>
    public required double GateMs { get; init; }
}
