namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Identifies this gateway process in the requests that it accepts.</summary>
internal sealed class GatewayIdentity
{
    /// <summary>Unique per process.</summary>
    public Guid Instance { get; } = Guid.NewGuid();
}
