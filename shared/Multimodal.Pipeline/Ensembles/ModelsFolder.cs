using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Multimodal.Inference.Features;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Ensembles as files: one folder each, with <c>ensemble.json</c>, the trained gate and combiner, and one folder per expert.</summary>
internal sealed class ModelsFolder(MultimodalOptions options, IConfiguration configuration, ExpertLoader loader) : IEnsembleSource
{
    public IReadOnlyList<Ensemble> LoadEnsembles()
    {
        var root = Find(options.ModelsFolder);
        var problems = new List<PackageProblem>();
        var ensembles = new List<Ensemble>();
        string[] folders = Directory.Exists(root) ? Directory.GetDirectories(root) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(folder, EnsemblePackageReader.FileName)) && Load(folder, problems) is { } ensemble)
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

        return problems.Count == 0 ? ensembles : throw new InvalidPackageException(problems);
    }

    public async Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> wanted, CancellationToken cancellationToken)
    {
        var settings = InferenceConfiguration.Read(
            configuration.GetSection(InferenceConfiguration.SectionName), [.. ensemble.Package.Experts.Select(expert => expert.Package.Name)]);
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

    private Ensemble? Load(string folder, List<PackageProblem> problems)
    {
        var reading = EnsemblePackageReader.Read(folder, options.Inference.Media);
        problems.AddRange(reading.Problems);
        if (reading.Package is not { } package)
        {
            return null;
        }

        var count = problems.Count;
        var gate = ReadState(package.GateFile, Gates.FromJson, problems);
        var combiner = ReadState(package.CombinerFile, CombinerState.FromJson, problems);
        CheckNames("experts", package.GateFile, gate?.Experts, [.. package.Experts.Select(expert => expert.Package.Name)], problems);
        CheckNames("scaling.features", package.GateFile, gate?.Features, RequestFeatures.Names, problems);
        CheckNames("scaling.features", package.CombinerFile, combiner?.Scaling.Features, RequestFeatures.Names, problems);

        var file = Path.Combine(folder, EnsemblePackageReader.FileName);
        CheckKnown("defaults.strategy", file, package.Defaults.Strategy, SelectionStrategies.Table.Names, problems);
        if (package.Online is { } online)
        {
            CheckKnown("online.learner", file, online.Learner, OnlineLearners.Table.Names, problems);
            CheckKnown("online.loss", file, online.Loss, ExpertTrust.Losses, problems);
        }

        if (problems.Count > count)
        {
            return null;
        }

        var rules = FusionRules.Table.Names.Select(name => (Name: name, Rule: MakeRule(name, combiner)))
            .Where(entry => entry.Rule is not null)
            .ToFrozenDictionary(entry => entry.Name, entry => entry.Rule!, StringComparer.Ordinal);
        CheckKnown("defaults.fusion", file, package.Defaults.Fusion, rules.Keys, problems);
        return problems.Count == count ? new Ensemble(package, gate!, rules) : null;
    }

    /// <returns>Null when the combiner was trained before there was this rule; requests cannot choose it then.</returns>
    private static IFusionRule? MakeRule(string name, CombinerState? combiner)
    {
        try
        {
            return FusionRules.Table[name](combiner);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static T? ReadState<T>(string file, Func<string, T> parse, List<PackageProblem> problems)
        where T : class
    {
        try
        {
            return parse(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            problems.Add(new PackageProblem(file, "$", exception is IOException ? "cannot be read; `multimodal train` makes it." : exception.Message));
            return null;
        }
    }

    /// <summary>A state trained for other experts or features would weigh the wrong things without anybody noticing.</summary>
    private static void CheckNames(
        string key, string file, IReadOnlyList<string>? found, IReadOnlyList<string> wanted, List<PackageProblem> problems)
    {
        if (found is not null && !found.SequenceEqual(wanted, StringComparer.Ordinal))
        {
            var missing = wanted.Except(found).Take(5);
            var foreign = found.Except(wanted).Take(5);
            problems.Add(new PackageProblem(
                file, key, $"are not this ensemble's, or in another order (missing: [{string.Join(", ", missing)}], foreign: [{string.Join(", ", foreign)}]); train again."));
        }
    }

    private static void CheckKnown(string key, string file, string name, IReadOnlyList<string> known, List<PackageProblem> problems)
    {
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            problems.Add(new PackageProblem(file, key, $"'{name}' is none of {string.Join(", ", known)}."));
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
