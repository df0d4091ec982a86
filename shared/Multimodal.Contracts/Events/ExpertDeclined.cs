using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>An expert's refusal, with the reason why it gave no opinion.</summary>
public sealed record ExpertDeclined : VersionedMessage
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The expert's name.</summary>
    public required string Expert { get; init; }

    /// <summary>The reason.</summary>
    public required DeclineReason Reason { get; init; }

    /// <summary>One sentence for a person; never contains payload.</summary>
    public required string Detail { get; init; }
}
