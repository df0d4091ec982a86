using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>One expert's part in an answer.</summary>
public sealed record ExpertReport
{
    /// <summary>The expert's name.</summary>
    public required string Name { get; init; }

    /// <summary>The modality it judges.</summary>
    public required Modality Modality { get; init; }

    /// <summary>What became of it.</summary>
    public required ExpertState State { get; init; }

    /// <summary>
    /// Whether it is in shadow: it is asked and recorded and does not count, so its weight and contribution are 0 and no state of it makes
    /// an answer partial.
    /// </summary>
    public bool Shadow { get; init; }

    /// <summary>Why it was skipped or declined, in kebab-case; null when it answered.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence for a person when it declined, else null.</summary>
    public string? Detail { get; init; }

    /// <summary>Its weight in the fusion, in [0, 1]; the weights of all experts sum to one. 0 when it gave no opinion.</summary>
    public double Weight { get; init; }

    /// <summary>How far it was believed, in [0, 1], learned from feedback; left out where the ensemble does not learn from it or the expert was not planned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Trust { get; init; }

    /// <summary>The label it favours; null when it gave no opinion.</summary>
    public string? Label { get; init; }

    /// <summary>Its probability for <see cref="Label"/>.</summary>
    public double? Score { get; init; }

    /// <summary>Its share of the support for the answer, in the fusion rule's own terms (docs/learning-reference.md).</summary>
    public double? Contribution { get; init; }

    /// <summary>What the answer would have been without it; null when it gave the only opinion.</summary>
    public LabelScore? Without { get; init; }

    /// <summary>Where its time went.</summary>
    public StageTimings? Timings { get; init; }

    /// <summary>Its package's version.</summary>
    public string? Version { get; init; }

    /// <summary>The device that ran it.</summary>
    public string? Device { get; init; }
}
