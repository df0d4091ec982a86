using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>The state of one expert in one request.</summary>
public enum ExpertState
{
    /// <summary>Its opinion was fused.</summary>
    Answered,

    /// <summary>It gave no opinion, for a <see cref="DeclineReason"/>.</summary>
    [Fallback]
    Declined,

    /// <summary>It was asked and did not reply by the deadline.</summary>
    Late,

    /// <summary>It was not asked, for a <see cref="SkipReason"/>.</summary>
    Skipped,
}
