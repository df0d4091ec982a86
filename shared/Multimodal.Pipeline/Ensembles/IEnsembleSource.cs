using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Where ensembles and their experts come from: the models folder, or a test's script.</summary>
internal interface IEnsembleSource
{
    /// <summary>Loads everything but the models.</summary>
    /// <exception cref="InvalidPackageException">Something is wrong in the files; all mistakes are named at once.</exception>
    IReadOnlyList<Ensemble> LoadEnsembles();

    /// <summary>Changes whenever <see cref="LoadEnsembles"/> may give something else; cheap.</summary>
    string Stamp => "";

    /// <summary>Loads and warms some models of an ensemble.</summary>
    /// <exception cref="InvalidPackageException">A model cannot be loaded.</exception>
    Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> wanted, CancellationToken cancellationToken);
}
