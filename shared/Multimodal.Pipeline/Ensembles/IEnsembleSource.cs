using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>The source of ensembles and their experts.</summary>
internal interface IEnsembleSource
{
    /// <summary>Loads everything but the models.</summary>
    /// <exception cref="InvalidPackageException">The files have problems; the exception lists all of them.</exception>
    IReadOnlyList<Ensemble> LoadEnsembles();

    /// <summary>A value that changes when <see cref="LoadEnsembles"/> may return a different result. Cheap to read.</summary>
    string Stamp => "";

    /// <summary>Loads and warms up models of an ensemble.</summary>
    /// <exception cref="InvalidPackageException">A model cannot be loaded.</exception>
    Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> packages, CancellationToken cancellationToken);
}
