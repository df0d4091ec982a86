using Microsoft.Extensions.Configuration;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Loads ensembles from a folder with one subfolder per ensemble.</summary>
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
            problems.Add(new PackageProblem(root, "$", $"does not contain a folder with {EnsemblePackageReader.FileName}; set Multimodal:ModelsFolder."));
        }

        foreach (var duplicate in ensembles.GroupBy(ensemble => ensemble.Name).Where(group => group.Count() > 1))
        {
            problems.Add(new PackageProblem(duplicate.Last().Package.Folder, "name", $"'{duplicate.Key}' is also the name of another ensemble."));
        }

        if (problems.Count > 0)
        {
            throw new InvalidPackageException(problems);
        }

        // Settings name experts across all ensembles. The names are kept to detect settings for an unknown expert.
        _experts = [.. ensembles.SelectMany(ensemble => ensemble.Experts.Keys).Distinct(StringComparer.Ordinal)];
        return ensembles;
    }

    public string Stamp => EnsembleFolder.Stamp(Find(modelsFolder));

    public async Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> packages, CancellationToken cancellationToken)
    {
        var settings = InferenceConfiguration.Read(configuration.GetSection(InferenceConfiguration.SectionName), _experts);
        var loading = packages.Select(package => loader.OpenAsync(package, settings[package.Name], cancellationToken)).ToArray();
        try
        {
            return await Task.WhenAll(loading);
        }
        catch
        {
            foreach (var loaded in loading.Where(task => task.IsCompletedSuccessfully))
            {
                await (await loaded).DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Returns the configured folder, else <c>models</c> next to the program or in a parent folder, as in a checkout.</summary>
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
