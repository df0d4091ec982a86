namespace Multimodal.Contracts.Values;

/// <summary>What became of one expert in one request.</summary>
public enum ExpertState
{
    /// <summary>It gave an opinion that was fused.</summary>
    Answered,

    /// <summary>It refused, with a <see cref="DeclineReason"/>.</summary>
    Declined,

    /// <summary>It was asked and had not answered by the deadline.</summary>
    Late,

    /// <summary>It was not asked, with a <see cref="SkipReason"/>.</summary>
    Skipped,
}
