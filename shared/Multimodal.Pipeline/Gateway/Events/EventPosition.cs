namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>How far the results of a subscription are.</summary>
internal sealed record EventPosition
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription.</summary>
    public required string Name { get; init; }

    /// <summary>The last number.</summary>
    public required long Numbered { get; init; }

    /// <summary>1 if results without a number are stored, else 0.</summary>
    public required long Unnumbered { get; init; }
}
