using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Learning from feedback, for ensembles with <c>online</c> in their <c>ensemble.json</c>.</summary>
internal sealed class TrustOptions
{
    /// <summary>
    /// Seconds between checks of the store for trust that other gateways learned. What this gateway learns takes effect at once.
    /// </summary>
    /// <value>0.05 to 3,600; default 1.</value>
    [Range(0.05, 3600)]
    public double RefreshSeconds { get; set; } = 1;
}
