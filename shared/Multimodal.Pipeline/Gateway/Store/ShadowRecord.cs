namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>Results of one shadow expert.</summary>
internal sealed record ShadowRecord
{
    /// <summary>Its name.</summary>
    public required string Expert { get; init; }

    /// <summary>Opinions recorded.</summary>
    public required long Opinions { get; init; }

    /// <summary>Of these, opinions that arrived after the answer.</summary>
    public required long Late { get; init; }

    /// <summary>Opinions that favour the answer's label.</summary>
    public required long Agreed { get; init; }

    /// <summary>Opinions on requests with feedback.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, opinions that favour the true label.</summary>
    public required long Hits { get; init; }

    /// <summary>Correct answers to the same requests.</summary>
    public required long AnswerHits { get; init; }

    /// <summary>Requests among them where the opinion was correct and the answer was not.</summary>
    public required long ShadowOnlyHits { get; init; }
}
