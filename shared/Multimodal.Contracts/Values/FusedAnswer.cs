using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>Whether every expert that was asked has answered.</summary>
public enum AnswerStatus
{
    /// <summary>Every expert that was asked answered, or none was needed any more.</summary>
    Completed,

    /// <summary>At least one expert that was asked declined or was late; the answer rests on the others.</summary>
    Partial,

    /// <summary>No expert gave an opinion, so there is no label.</summary>
    Failed,
}

/// <summary>The answer to one request, as clients read it.</summary>
public sealed record FusedAnswer
{
    /// <summary>The request's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The ensemble that answered.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Whether all experts that were asked took part.</summary>
    public required AnswerStatus Status { get; init; }

    /// <summary>The most probable label; null when <see cref="Status"/> is <see cref="AnswerStatus.Failed"/>.</summary>
    public required string? Label { get; init; }

    /// <summary>Calibrated probability of <see cref="Label"/>, in [0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>All labels with their probabilities, most probable first; they sum to one.</summary>
    public required IReadOnlyList<LabelScore> Scores { get; init; }

    /// <summary>Every expert of the ensemble, asked or not.</summary>
    public required IReadOnlyList<ExpertReport> Experts { get; init; }

    /// <summary>The gate's decision.</summary>
    public required GateReport Gate { get; init; }

    /// <summary>How the opinions were fused.</summary>
    public required FusionReport Fusion { get; init; }

    /// <summary>Where the time went.</summary>
    public required AnswerTimings Timings { get; init; }
}

/// <summary>A label and its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Score">Probability in [0, 1].</param>
public sealed record LabelScore(string Label, double Score);

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

/// <summary>The gate's decision, for a reader.</summary>
/// <param name="Version">Version of the gate.</param>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts it could choose.</param>
public sealed record GateReport(string Version, string Strategy, int K)
{
    /// <summary>The learning from feedback; left out where the ensemble does not learn from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineReport? Online { get; init; }
}

/// <summary>How the opinions were fused.</summary>
/// <param name="Rule">Name of the fusion rule.</param>
/// <param name="Agreement">Mean pairwise overlap of the opinions, in [0, 1]; 1 for a single opinion.</param>
/// <param name="Entropy">Entropy of the fused answer divided by its maximum, in [0, 1].</param>
/// <param name="Conflict">True when confident experts favour different labels.</param>
public sealed record FusionReport(string Rule, double Agreement, double Entropy, bool Conflict)
{
    /// <summary>
    /// The version whose combiner fused: the gate's, but for a combiner process that did not have that version yet (or no longer). Null when
    /// nothing was fused.
    /// </summary>
    public string? Version { get; init; }
}

/// <summary>Where the request's time went.</summary>
/// <param name="FeaturesMs">Milliseconds for the gate's input features.</param>
/// <param name="GateMs">Milliseconds for the gate.</param>
/// <param name="TotalMs">Milliseconds from acceptance to the fused answer.</param>
public sealed record AnswerTimings(double FeaturesMs, double GateMs, double TotalMs);
