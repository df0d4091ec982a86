using Microsoft.Extensions.Configuration;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Ensembles as files: one folder each, with <c>ensemble.json</c>, the trained gate and combiner, and one folder per expert.</summary>
internal sealed class ModelsFolder(string modelsFolder, InferenceOptions options, IConfiguration configuration, ExpertLoader loader) : IEnsembleSource
{
    private volatile string[] _experts = [];

    public IReadOnlyList<Ensemble> LoadEnsembles()
    {
        var root = Find(modelsFolder);
        var problems = new List<PackageProblem>();
        var ensembles = new List<Ensemble>();
        var folders = Directory.Exists(root) ? Directory.GetDirectories(root) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(folder, EnsemblePackageReader.FileName)) && EnsembleFolder.Load(folder, options.Media, problems) is { } ensemble)
            {
                ensembles.Add(ensemble);
            }
        }

        if (ensembles.Count + problems.Count == 0)
        {
            problems.Add(new PackageProblem(root, "$", $"holds no folder with {EnsemblePackageReader.FileName}; set Multimodal:ModelsFolder."));
        }

        foreach (var twice in ensembles.GroupBy(ensemble => ensemble.Name).Where(group => group.Count() > 1))
        {
            problems.Add(new PackageProblem(twice.Last().Package.Folder, "name", $"'{twice.Key}' is the name of another ensemble too."));
        }

        if (problems.Count > 0)
        {
            throw new InvalidPackageException(problems);
        }

        // Settings go by an expert's name, whichever ensemble it is in; a name that none has is a mistake.
        _experts = [.. ensembles.SelectMany(ensemble => ensemble.Experts.Keys).Distinct(StringComparer.Ordinal)];
        return ensembles;
    }

    public string Stamp => EnsembleFolder.Stamp(Find(modelsFolder));

    public async Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> wanted, CancellationToken cancellationToken)
    {
        var settings = InferenceConfiguration.Read(configuration.GetSection(InferenceConfiguration.SectionName), _experts);
        var experts = new List<IExpert>();
        try
        {
            foreach (var package in wanted)
            {
                experts.Add(await loader.OpenAsync(package, settings[package.Name], cancellationToken));
            }

            return experts;
        }
        catch
        {
            foreach (var expert in experts)
            {
                await expert.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>The configured folder, else <c>models</c> next to the program or in a folder above it (a checkout).</summary>
    private static string Find(string configured)
    {
        if (configured.Length > 0)
        {
            return Path.GetFullPath(configured);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(models) && Directory.EnumerateDirectories(models).Any(HoldsEnsemble))
            {
                return models;
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "models");
    }

    private static bool HoldsEnsemble(string folder) => File.Exists(Path.Combine(folder, EnsemblePackageReader.FileName));
}
