using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>Why an expert was not asked.</summary>
public enum SkipReason
{
    /// <summary>The gate ranked it below the selected experts.</summary>
    [Fallback]
    NotChosen,

    /// <summary>The request has no part of its modality.</summary>
    AbsentModality,

    /// <summary>No live worker serves it.</summary>
    NoWorker,

    /// <summary>The request's list of experts does not include it.</summary>
    NotAllowed,

    /// <summary>Its queue is so long that it would probably reply after the deadline.</summary>
    Overloaded,

    /// <summary>Its expected gain was too low: the answer was already confident, or a similar expert had answered.</summary>
    NotWorthwhile,

    /// <summary>
    /// It was asked, but the answer was given before it replied, because its opinion could not change the label or was not worth waiting
    /// for.
    /// </summary>
    StoppedEarly,

    /// <summary>It is a shadow expert, and this request is not in its sample.</summary>
    NotSampled,

    /// <summary>The part of its modality shows nothing, and another part of the request does.</summary>
    [Since(2, SkipReason.AbsentModality)]
    Empty,
}
