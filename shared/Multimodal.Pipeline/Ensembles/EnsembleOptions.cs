using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>The ensembles' files while the service runs.</summary>
internal sealed class EnsembleOptions
{
    /// <summary>
    /// Seconds between two looks at the ensembles' files. A change that is the same at two looks is taken up: versions of gate and combiner, their
    /// shares, experts in shadow. 0: never, only at the start.
    /// </summary>
    /// <value>0 to 3,600; default 2.</value>
    [Range(0, 3600)]
    public double WatchSeconds { get; set; } = 2;
}
