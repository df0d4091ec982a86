namespace Multimodal.Contracts.Values;

/// <summary>Why an expert was not asked.</summary>
public enum SkipReason
{
    /// <summary>The gate ranked it below the experts that were asked.</summary>
    NotChosen,

    /// <summary>The request has no part of its modality.</summary>
    AbsentModality,

    /// <summary>No live worker serves it.</summary>
    NoWorker,

    /// <summary>The request's allow-list leaves it out.</summary>
    NotAllowed,

    /// <summary>The answer could no longer change.</summary>
    StoppedEarly,
}
