namespace Multimodal.Contracts.Values;

/// <summary>Whether every expert that was asked has answered.</summary>
public enum AnswerStatus
{
    /// <summary>Every expert that was asked answered, or none was needed any more.</summary>
    Completed,

    /// <summary>At least one expert that was asked declined or was late; the answer rests on the others.</summary>
    Partial,

    /// <summary>No expert gave an opinion, so there is no label.</summary>
    Failed,
}
