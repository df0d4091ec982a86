namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Names this gateway process in the requests it accepts.</summary>
internal sealed class GatewayIdentity
{
    /// <summary>Its name.</summary>
    public Guid Instance { get; } = Guid.NewGuid();
}
