using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Learning from feedback, for ensembles whose <c>ensemble.json</c> has <c>online</c>.</summary>
internal sealed class OnlineOptions
{
    /// <summary>Seconds between two looks for what other gateways over the same store have learned; what this one learns acts at once.</summary>
    /// <value>0.05 to 3,600; default 1.</value>
    [Range(0.05, 3600)]
    public double RefreshSeconds { get; set; } = 1;
}
