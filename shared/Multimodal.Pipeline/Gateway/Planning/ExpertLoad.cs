namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>State of an expert that the plan takes into account.</summary>
/// <param name="IsServed">Whether a worker serves it.</param>
/// <param name="Wait">Estimated wait of a new item.</param>
/// <param name="Bias">Added to its logit for selection, but not for weights.</param>
internal readonly record struct ExpertLoad(bool IsServed, TimeSpan Wait, double Bias)
{
    /// <summary>Served and idle.</summary>
    public static ExpertLoad Idle { get; } = new(true, TimeSpan.Zero, 0);
}
