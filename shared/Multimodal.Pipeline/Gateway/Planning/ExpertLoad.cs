namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>What a plan must know of an expert beside the gate's opinion of it.</summary>
/// <param name="IsServed">Whether some worker serves it.</param>
/// <param name="Wait">How long what is asked of it now takes.</param>
/// <param name="Bias">Added to its logit when choosing and never when weighing.</param>
internal readonly record struct ExpertLoad(bool IsServed, TimeSpan Wait, double Bias)
{
    /// <summary>Served, and with nothing to do.</summary>
    public static ExpertLoad Idle { get; } = new(true, TimeSpan.Zero, 0);
}
