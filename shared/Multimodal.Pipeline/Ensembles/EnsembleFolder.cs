using System.Collections.Frozen;
using System.Globalization;
using Multimodal.Inference.Features;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Selection;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Reads an ensemble's folder: <c>ensemble.json</c>, the trained gates and combiners, and one folder per expert.</summary>
public static class EnsembleFolder
{
    /// <summary>Checks an ensemble. The result is empty if a service can use it.</summary>
    /// <param name="folder">The folder with <c>ensemble.json</c>.</param>
    /// <param name="limits">The media limits in force.</param>
    public static IReadOnlyList<PackageProblem> Check(string folder, MediaOptions limits)
    {
        var problems = new List<PackageProblem>();
        Load(folder, limits, problems);
        return problems;
    }

    /// <summary>
    /// A value that changes when a JSON file of an ensemble changes. Links are followed, because Kubernetes updates mounted files by changing links.
    /// Models are not included, because they do not change while a service runs.
    /// </summary>
    internal static string Stamp(string root)
    {
        try
        {
            var files = Directory.GetDirectories(root)
                .SelectMany(folder => new DirectoryInfo(folder).GetFiles("*.json"))
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Select(file => (file.FullName, Real: file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file))
                .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Real.Length} {file.Real.LastWriteTimeUtc.Ticks}"));
            return string.Join('\n', files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file was deleted during the check. The next check sees the new state.
            return exception.Message;
        }
    }

    /// <summary>Loads everything but the models.</summary>
    /// <returns>Null if there are problems.</returns>
    internal static Ensemble? Load(string folder, MediaOptions limits, List<PackageProblem> problems)
    {
        var reading = EnsemblePackageReader.Read(folder, limits);
        problems.AddRange(reading.Problems);
        if (reading.Package is not { } package)
        {
            return null;
        }

        var count = problems.Count;
        var file = Path.Combine(folder, EnsemblePackageReader.FileName);
        CheckKnown("defaults.strategy", file, package.Defaults.Strategy, SelectionStrategies.Table.Names, problems);
        if (package.Trust is { } online)
        {
            CheckKnown("online.learner", file, online.Learner, ExpertTrust.Learners, problems);
            CheckKnown("online.loss", file, online.Loss, ExpertTrust.Losses, problems);
        }

        var promoted = LoadVersion(package, new EnsembleVersion("", package.GateFile, package.CombinerFile, 1), problems);
        var others = new List<GateVersion>();
        foreach (var (index, version) in package.Versions.Index())
        {
            if (LoadVersion(package, version, problems) is not { } loaded)
            {
                continue;
            }

            if (loaded.Name == promoted?.Name)
            {
                problems.Add(new PackageProblem(file, $"versions[{index}].name", $"'{loaded.Name}' is also the name of the promoted version."));
            }

            others.Add(loaded);
        }

        return problems.Count == count ? new Ensemble(package, promoted!.Gate, promoted.Rules) { Others = others } : null;
    }

    /// <summary>Loads one version: its gate and the rules of its combiner.</summary>
    /// <param name="package">The ensemble.</param>
    /// <param name="version">The version's files. The name is empty for the promoted version, which takes its name from its gate.</param>
    /// <param name="problems">Receives the problems found.</param>
    private static GateVersion? LoadVersion(EnsemblePackage package, EnsembleVersion version, List<PackageProblem> problems)
    {
        var count = problems.Count;
        var gate = ReadState(version.GateFile, json => Gates.Open(ShadowExperts.RemoveFrom(package, GateState.FromJson(json))), problems);
        var combiner = ReadState(version.CombinerFile, CombinerState.FromJson, problems);
        string[] members = [.. ShadowExperts.RemoveFrom(package).Experts.Select(expert => expert.Package.Name)];
        CheckNames("experts", version.GateFile, gate?.Experts, members, problems);
        CheckNames("scaling.features", version.GateFile, gate?.Features, RequestFeatures.Names, problems);
        CheckNames("scaling.features", version.CombinerFile, combiner?.Scaling.Features, RequestFeatures.Names, problems);
        if (version.Name.Length > 0)
        {
            CheckVersion(version.GateFile, gate?.Version, version.Name, EnsemblePackageReader.FileName, problems);
        }

        // A combiner is calibrated with its own gate. This check detects files that were copied only in part.
        var (expected, source) = version.Name.Length > 0
            ? (version.Name, EnsemblePackageReader.FileName)
            : (gate?.Version, Path.GetFileName(version.GateFile));
        CheckVersion(version.CombinerFile, combiner?.Version, expected, source, problems);

        if (problems.Count > count)
        {
            return null;
        }

        var rules = FusionRules.Table.Names.Select(name => (Name: name, Rule: MakeRule(name, combiner)))
            .Where(entry => entry.Rule is not null)
            .ToFrozenDictionary(entry => entry.Name, entry => entry.Rule!, StringComparer.Ordinal);
        CheckKnown("defaults.fusion", Path.Combine(package.Folder, EnsemblePackageReader.FileName), package.Defaults.Fusion, rules.Keys, problems);
        return problems.Count == count ? new GateVersion(gate!, rules, version.Share) : null;
    }

    /// <summary>Creates a fusion rule.</summary>
    /// <returns>Null if the combiner was trained before this rule existed. Requests cannot select the rule then.</returns>
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
            problems.Add(new PackageProblem(file, "$", exception is IOException ? "cannot be read; `multimodal train` writes it." : exception.Message));
            return null;
        }
    }

    /// <summary>
    /// Detects a state that was trained for other experts or features, whose weights would be applied to the wrong inputs.
    /// </summary>
    private static void CheckNames(
        string key, string file, IReadOnlyList<string>? found, IReadOnlyList<string> expected, List<PackageProblem> problems)
    {
        if (found is not null && !found.SequenceEqual(expected, StringComparer.Ordinal))
        {
            var missing = expected.Except(found).Take(5);
            var unknown = found.Except(expected).Take(5);
            problems.Add(new PackageProblem(
                file, key, $"do not match this ensemble or its order (missing: [{string.Join(", ", missing)}], unknown: [{string.Join(", ", unknown)}]); train again."));
        }
    }

    private static void CheckVersion(string file, string? found, string? expected, string source, List<PackageProblem> problems)
    {
        if (found is not null && expected is not null && found != expected)
        {
            problems.Add(new PackageProblem(file, "version", $"is '{found}', but '{expected}' in {source}."));
        }
    }

    private static void CheckKnown(string key, string file, string name, IReadOnlyList<string> known, List<PackageProblem> problems)
    {
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            problems.Add(new PackageProblem(file, key, $"'{name}' is not known; known are {string.Join(", ", known)}."));
        }
    }
}
