using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Reloading of the ensembles' files while the service runs.</summary>
internal sealed class EnsembleOptions
{
    /// <summary>
    /// Seconds between two checks of the ensembles' files. A change that two successive checks see is applied: versions of gate and combiner, their
    /// shares, and shadow experts. 0: files are read only at the start.
    /// </summary>
    /// <value>0 to 3,600; default 2.</value>
    [Range(0, 3600)]
    public double WatchSeconds { get; set; } = 2;
}
