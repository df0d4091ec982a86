using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>Whether the experts that were asked have answered.</summary>
public enum AnswerStatus
{
    /// <summary>Every expert that was asked has answered, or its opinion was no longer needed.</summary>
    Completed,

    /// <summary>At least one expert that was asked declined or was late; the answer uses the other opinions.</summary>
    Partial,

    /// <summary>No expert gave an opinion, so there is no label.</summary>
    [Fallback]
    Failed,

    /// <summary>Every expert that was asked declined because its part is empty, so there is nothing to judge and no label.</summary>
    [Since(2, AnswerStatus.Failed)]
    Undecided,
}
