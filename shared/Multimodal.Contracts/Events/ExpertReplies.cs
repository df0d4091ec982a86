using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>Replies of one worker to one combiner that were ready together, perhaps to several requests.</summary>
public sealed record ExpertReplies : VersionedMessage
{
    /// <summary>The opinions.</summary>
    public required IReadOnlyList<ExpertAnswered> Answered { get; init; }

    /// <summary>The refusals.</summary>
    public required IReadOnlyList<ExpertDeclined> Declined { get; init; }
}
