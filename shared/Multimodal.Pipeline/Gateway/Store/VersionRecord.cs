namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>How one version has done.</summary>
internal sealed record VersionRecord
{
    /// <summary>Its name.</summary>
    public required string Version { get; init; }

    /// <summary>Answers that it decided and fused.</summary>
    public required long Answers { get; init; }

    /// <summary>Their mean confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>Answers whose truth is known.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, the right ones.</summary>
    public required long Hits { get; init; }
}
