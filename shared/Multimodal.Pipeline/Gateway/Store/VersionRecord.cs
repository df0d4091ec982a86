namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>Results of one version of gate and combiner.</summary>
internal sealed record VersionRecord
{
    /// <summary>Its name.</summary>
    public required string Version { get; init; }

    /// <summary>Answers that it planned and fused.</summary>
    public required long Answers { get; init; }

    /// <summary>Their mean confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>Answers with feedback.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, correct answers.</summary>
    public required long Hits { get; init; }
}
