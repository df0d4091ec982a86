namespace Multimodal.Contracts.Events;

/// <summary>An expert in shadow gave its opinion when the answer was out already. It is recorded with the request all the same.</summary>
public sealed record ShadowAnswered
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Its ensemble.</summary>
    public required string Ensemble { get; init; }

    /// <summary>What it said.</summary>
    public required ShadowOpinion Opinion { get; init; }
}

/// <summary>What an expert in shadow said.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Label">The label it favours.</param>
/// <param name="LogProbabilities">Calibrated natural-log probabilities, one per label in the ensemble's order.</param>
public sealed record ShadowOpinion(string Expert, string Label, IReadOnlyList<double> LogProbabilities);
