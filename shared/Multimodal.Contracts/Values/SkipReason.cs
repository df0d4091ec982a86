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

    /// <summary>So much waits for it that it would answer after the deadline.</summary>
    Overloaded,

    /// <summary>It was unlikely to improve the answer: that was sure, or the expert hardly knows better than its sibling.</summary>
    NotWorthwhile,

    /// <summary>It was asked, and then no longer waited for: the answer could not change, or hardly.</summary>
    StoppedEarly,

    /// <summary>It is in shadow, and this request is not among the share that it is asked about.</summary>
    NotSampled,
}
