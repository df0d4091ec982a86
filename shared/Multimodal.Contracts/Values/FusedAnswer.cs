using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>The answer to one request, as clients read it.</summary>
public sealed record FusedAnswer
{
    /// <summary>The request's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// Where the answer comes from if the gateway had it in its cache; absent if experts were asked. All other members are those of the earlier answer.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CacheReport? Cached { get; init; }

    /// <summary>The ensemble that answered.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Whether the experts that were asked have answered.</summary>
    public required AnswerStatus Status { get; init; }

    /// <summary>
    /// The most probable label; null if <see cref="Status"/> is <see cref="AnswerStatus.Failed"/> or <see cref="AnswerStatus.Undecided"/>.
    /// </summary>
    public required string? Label { get; init; }

    /// <summary>Calibrated probability of <see cref="Label"/>, in [0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>All labels with their probabilities, most probable first; they sum to one.</summary>
    public required IReadOnlyList<LabelScore> Scores { get; init; }

    /// <summary>Every expert of the ensemble, asked or not.</summary>
    public required IReadOnlyList<ExpertReport> Experts { get; init; }

    /// <summary>The gate that planned the request.</summary>
    public required GateReport Gate { get; init; }

    /// <summary>How the opinions were fused.</summary>
    public required FusionReport Fusion { get; init; }

    /// <summary>The duration of each stage.</summary>
    public required AnswerTimings Timings { get; init; }
}
