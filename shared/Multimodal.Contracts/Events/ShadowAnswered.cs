using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>
/// The opinion of a shadow expert that arrived after the answer was published. The gateway still records it with the request.
/// </summary>
public sealed record ShadowAnswered : VersionedMessage
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The ensemble.</summary>
    public required string Ensemble { get; init; }

    /// <summary>The opinion.</summary>
    public required ShadowOpinion Opinion { get; init; }
}
