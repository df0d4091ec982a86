using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Packages;

/// <summary>Reads and validates <c>ensemble.json</c> and the packages of its experts.</summary>
public static class EnsemblePackageReader
{
    /// <summary>The name of the file that describes an ensemble.</summary>
    public const string FileName = "ensemble.json";

    /// <summary>Reads an ensemble and reports every error in all of its packages.</summary>
    /// <param name="folder">The folder that contains <c>ensemble.json</c> and one folder per expert.</param>
    /// <param name="limits">The media limits that the preprocessors will apply.</param>
    public static PackageReadResult<EnsemblePackage> Read(string folder, MediaOptions limits) =>
        Read(folder, limits, PreprocessorTable.ByKind);

    /// <summary>Same, with an explicit preprocessor table.</summary>
    internal static PackageReadResult<EnsemblePackage> Read(
        string folder, MediaOptions limits, IReadOnlyDictionary<string, PreprocessorFactory> kinds)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(folder, FileName);
        void Report(string key, string problem) => problems.Add(new PackageProblem(file, key, problem));

        if (JsonObjectReader.Open(file, Report) is not { } fields)
        {
            return new PackageReadResult<EnsemblePackage>(null, problems);
        }

        var name = fields.Text("name", ExpertPackageReader.NamePattern(), ExpertPackageReader.NameRule);
        var version = fields.Text("version", ExpertPackageReader.VersionPattern(), ExpertPackageReader.VersionRule);
        var labels = fields.Texts("labels", minCount: 2);
        var names = fields.Texts("experts", minCount: 1);
        var shadow = RolloutReader.ReadShadow(fields, names);
        var (gate, combiner) = (RolloutReader.FileInside(fields, "gate"), RolloutReader.FileInside(fields, "combiner"));
        var versions = RolloutReader.ReadVersions(fields, folder);
        var defaults = fields.Fields("defaults") is { } values ? ReadDefaults(values, names?.Count) : null;
        var trust = fields.Has("online") && fields.Fields("online") is { } online ? ReadTrust(online) : null;
        fields.Close();

        var results = ReadExperts(folder, names ?? [], limits, kinds);
        var experts = new List<EnsembleExpert>();
        foreach (var (index, expert) in (names ?? []).Index())
        {
            if (results[index] is not { } result)
            {
                Report($"experts[{index}]", ExpertPackageReader.NameRule);
                continue;
            }

            problems.AddRange(result.Problems);
            if (result.Package is { } package && Join(package, expert, labels, Path.Combine(folder, expert), problems) is { } joined)
            {
                experts.Add(shadow.TryGetValue(expert, out var share) ? joined with { ShadowShare = share } : joined);
            }
        }

        if (problems.Count > 0)
        {
            return new PackageReadResult<EnsemblePackage>(null, problems);
        }

        var ensemble = new EnsemblePackage
        {
            Name = name!,
            Version = version!,
            Labels = labels!,
            Experts = experts,
            GateFile = Path.GetFullPath(Path.Combine(folder, gate!)),
            CombinerFile = Path.GetFullPath(Path.Combine(folder, combiner!)),
            Versions = versions,
            Defaults = defaults!,
            Trust = trust,
            Folder = Path.GetFullPath(folder),
        };
        return new PackageReadResult<EnsemblePackage>(ensemble, problems);
    }

    /// <summary>Reads the packages of the experts at the same time, because opening the models takes most of the time.</summary>
    /// <returns>For each name its package; null if the name is invalid.</returns>
    private static PackageReadResult<ExpertPackage>?[] ReadExperts(
        string folder, IReadOnlyList<string> names, MediaOptions limits, IReadOnlyDictionary<string, PreprocessorFactory> kinds)
    {
        var results = new PackageReadResult<ExpertPackage>?[names.Count];
        Parallel.For(0, results.Length, index => results[index] = ExpertPackageReader.NamePattern().IsMatch(names[index])
            ? ExpertPackageReader.Read(Path.Combine(folder, names[index]), limits, kinds)
            : null);
        return results;
    }

    private static EnsembleDefaults? ReadDefaults(JsonObjectReader fields, int? experts)
    {
        var strategy = fields.Text("strategy");
        var k = fields.Has("k") ? fields.Integer("k", 1, experts ?? int.MaxValue) : null;
        var fusion = fields.Text("fusion");
        var deadline = fields.Integer("deadlineMs", 1, 600_000);
        var price = fields.Has("price") ? fields.Number("price", 0, 1) : null;
        fields.Close();
        return strategy is null || fusion is null || deadline is null
            ? null
            : new EnsembleDefaults(strategy, k, fusion, TimeSpan.FromMilliseconds(deadline.Value), price);
    }

    private static EnsembleTrust? ReadTrust(JsonObjectReader fields)
    {
        var defaults = new EnsembleTrust("");
        var learner = fields.Text("learner");
        var loss = fields.Has("loss") ? fields.Text("loss") : defaults.Loss;
        var strength = fields.Number("strength", 0, 100, isMinExclusive: true, fallback: defaults.Strength);
        var explore = fields.Number("explore", 0, 1, fallback: defaults.Explore);
        var share = fields.Number("share", 0, 0.99, fallback: defaults.Share);
        var rate = fields.Number("rate", 0, 100, isMinExclusive: true, fallback: defaults.Rate);
        fields.Close();
        return learner is null || loss is null || strength is null || explore is null || share is null || rate is null
            ? null
            : new EnsembleTrust(learner, loss, strength.Value, explore.Value, share.Value, rate.Value);
    }

    /// <summary>Checks that an expert has the name and the labels that the ensemble expects.</summary>
    /// <returns>Null if an error was added to <paramref name="problems"/>.</returns>
    private static EnsembleExpert? Join(
        ExpertPackage package, string folderName, IReadOnlyList<string>? labels, string folder, List<PackageProblem> problems)
    {
        var count = problems.Count;
        var file = Path.Combine(folder, ExpertPackageReader.FileName);
        if (package.Name != folderName)
        {
            problems.Add(new PackageProblem(file, "name", $"is '{package.Name}'; it must be '{folderName}', like its folder."));
        }

        if (labels is null)
        {
            return null;
        }

        var missing = labels.Except(package.Labels).ToArray();
        var unknown = package.Labels.Except(labels).ToArray();
        if (missing.Length + unknown.Length > 0)
        {
            problems.Add(new PackageProblem(
                file,
                "labels",
                "must be the labels of the ensemble, in any order; "
                + $"missing: [{string.Join(", ", missing)}], unknown: [{string.Join(", ", unknown)}]."));
        }

        var own = package.Labels.ToList();
        return problems.Count > count ? null : new EnsembleExpert(package, labels.Select(label => own.IndexOf(label)).ToArray());
    }
}
