using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>One expert's contribution to an answer.</summary>
public sealed record ExpertReport
{
    /// <summary>The expert's name.</summary>
    public required string Name { get; init; }

    /// <summary>The modality it classifies.</summary>
    public required Modality Modality { get; init; }

    /// <summary>Its state.</summary>
    public required ExpertState State { get; init; }

    /// <summary>
    /// Whether it is a shadow expert. Its opinion is recorded but not fused: its weight and contribution are 0, and it never makes the
    /// answer partial.
    /// </summary>
    public bool Shadow { get; init; }

    /// <summary>Why it was skipped or declined, in kebab-case; null if it answered.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence for a person if it declined, else null.</summary>
    public string? Detail { get; init; }

    /// <summary>Its weight in the fusion, in [0, 1]; the weights of all experts sum to one. 0 without an opinion.</summary>
    public double Weight { get; init; }

    /// <summary>
    /// Its trust, in [0, 1], learned from feedback; absent if the ensemble does not learn from feedback or the plan does not include the
    /// expert.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Trust { get; init; }

    /// <summary>Its most probable label; null without an opinion.</summary>
    public string? Label { get; init; }

    /// <summary>Its probability for <see cref="Label"/>.</summary>
    public double? Score { get; init; }

    /// <summary>Its share of the support for the answer, as the fusion rule defines it (docs/learning-reference.md).</summary>
    public double? Contribution { get; init; }

    /// <summary>The answer without this expert; null if it gave the only opinion.</summary>
    public LabelScore? Without { get; init; }

    /// <summary>The duration of each stage in the expert.</summary>
    public StageTimings? Timings { get; init; }

    /// <summary>Its package's version.</summary>
    public string? Version { get; init; }

    /// <summary>The device that ran the model.</summary>
    public string? Device { get; init; }
}
