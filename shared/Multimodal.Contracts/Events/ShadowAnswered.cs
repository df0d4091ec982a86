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
