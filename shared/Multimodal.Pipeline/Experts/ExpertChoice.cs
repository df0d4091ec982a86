using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Experts;

/// <summary>Selects the experts that this worker serves: those in <c>Experts:Serve</c>, else all of its modalities.</summary>
internal sealed class ExpertChoice(ServiceRoles roles, ExpertOptions options)
{
    /// <summary>Returns the experts to serve, by ensemble.</summary>
    /// <exception cref="InvalidPackageException">A name in <c>Experts:Serve</c> is unknown.</exception>
    public IReadOnlyList<(Ensemble Ensemble, ExpertPackage[] Experts)> Choose(IReadOnlyCollection<Ensemble> ensembles)
    {
        var configured = options.Serve.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var servable = ensembles
            .SelectMany(ensemble => ensemble.Package.Experts.Select(expert => (Ensemble: ensemble, Expert: expert.Package)))
            .Where(entry => roles.Serves(entry.Expert.Modality))
            .ToArray();
        var unknown = configured.Where(name => !servable.Any(entry => IsNamed(name, entry.Ensemble, entry.Expert))).ToArray();
        if (unknown.Length > 0)
        {
            var known = string.Join(", ", servable.Select(entry => $"{entry.Ensemble.Name}/{entry.Expert.Name}"));
            throw new InvalidPackageException(
                [new PackageProblem("Multimodal:Experts:Serve", string.Join(", ", unknown), $"is not an expert that this service can serve; known are {known}.")]);
        }

        return
        [
            .. servable
                .Where(entry => configured.Length == 0 || configured.Any(name => IsNamed(name, entry.Ensemble, entry.Expert)))
                .GroupBy(entry => entry.Ensemble, (ensemble, entries) => (ensemble, entries.Select(entry => entry.Expert).ToArray())),
        ];
    }

    private static bool IsNamed(string name, Ensemble ensemble, ExpertPackage expert) => name == expert.Name || name == $"{ensemble.Name}/{expert.Name}";
}
