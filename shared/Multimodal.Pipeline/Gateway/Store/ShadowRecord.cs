namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>How one expert in shadow has done.</summary>
internal sealed record ShadowRecord
{
    /// <summary>Its name.</summary>
    public required string Expert { get; init; }

    /// <summary>Opinions recorded.</summary>
    public required long Opinions { get; init; }

    /// <summary>Of these, those that came after the answer.</summary>
    public required long Late { get; init; }

    /// <summary>Opinions that favour the answer's label.</summary>
    public required long Agreed { get; init; }

    /// <summary>Opinions on requests whose truth is known.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, those that favour the truth.</summary>
    public required long Hits { get; init; }

    /// <summary>On the same requests, the answers that were right.</summary>
    public required long AnswerHits { get; init; }

    /// <summary>On the same requests, those that it got right and the answer did not: what there is to gain.</summary>
    public required long OnlyIt { get; init; }
}
