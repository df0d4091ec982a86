using Multimodal.Contracts.Values;

namespace Multimodal.Contracts.Commands;

/// <summary>Give an opinion on one part. Sent by a combiner to the queue of one expert; the reply goes to that combiner's own queue.</summary>
public sealed record Analyze
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The ensemble the expert belongs to.</summary>
    public required string Ensemble { get; init; }

    /// <summary>The expert's name.</summary>
    public required string Expert { get; init; }

    /// <summary>The media to judge.</summary>
    public required MediaPart Part { get; init; }

    /// <summary>After this moment nobody waits for the opinion any more.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The combiner process that asks and gathers the opinions.</summary>
    public required string ReplyTo { get; init; }
}
