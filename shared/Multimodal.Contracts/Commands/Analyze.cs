using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Commands;

/// <summary>
/// Asks one expert for its opinion on one part. A combiner sends it to the expert's queue; the reply goes to the combiner's own queue.
/// </summary>
public sealed record Analyze : VersionedMessage
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The ensemble the expert belongs to.</summary>
    public required string Ensemble { get; init; }

    /// <summary>The expert's name.</summary>
    public required string Expert { get; init; }

    /// <summary>The part to classify.</summary>
    public required MediaPart Part { get; init; }

    /// <summary>When the combiner stops waiting for the opinion.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The combiner instance that collects the replies.</summary>
    public required string ReplyTo { get; init; }

    /// <summary>Whether the combiner reads several replies in one message (<see cref="Events.ExpertReplies"/>). False for earlier combiners.</summary>
    public bool ReadsReplies { get; init; }
}
