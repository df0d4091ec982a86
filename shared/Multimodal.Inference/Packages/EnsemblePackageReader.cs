using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Packages;

/// <summary>Reads and checks <c>ensemble.json</c> and every expert that it names.</summary>
public static class EnsemblePackageReader
{
    /// <summary>Name of the file that makes a folder an ensemble.</summary>
    public const string FileName = "ensemble.json";

    /// <summary>Reads an ensemble and reports every mistake in all of its packages at once.</summary>
    /// <param name="folder">The folder with <c>ensemble.json</c> and one folder per expert.</param>
    /// <param name="limits">The media limits in force.</param>
    public static PackageReadResult<EnsemblePackage> Read(string folder, MediaOptions limits) => Read(folder, limits, PreprocessorTable.ByKind);

    /// <summary>Same, with an explicit preprocessor table.</summary>
    internal static PackageReadResult<EnsemblePackage> Read(string folder, MediaOptions limits, IReadOnlyDictionary<string, PreprocessorFactory> kinds)
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
        var labels = fields.Texts("labels", least: 2);
        var names = fields.Texts("experts", least: 1);
        var shadow = RolloutReader.ReadShadow(fields, names);
        var gate = RolloutReader.FileInside(fields, "gate");
        var combiner = RolloutReader.FileInside(fields, "combiner");
        var versions = RolloutReader.ReadVersions(fields, folder);
        var defaults = fields.Fields("defaults") is { } values ? ReadDefaults(values, names?.Count) : null;
        var online = fields.Has("online") && fields.Fields("online") is { } learning ? ReadOnline(learning) : null;
        fields.Close();

        var experts = new List<EnsembleExpert>();
        foreach (var (index, expert) in (names ?? []).Index())
        {
            if (!ExpertPackageReader.NamePattern().IsMatch(expert))
            {
                Report($"experts[{index}]", ExpertPackageReader.NameRule);
                continue;
            }

            var reading = ExpertPackageReader.Read(Path.Combine(folder, expert), limits, kinds);
            problems.AddRange(reading.Problems);
            if (reading.Package is { } package && Join(package, expert, labels, Path.Combine(folder, expert), problems) is { } joined)
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
            Trust = online,
            Folder = Path.GetFullPath(folder),
        };
        return new PackageReadResult<EnsemblePackage>(ensemble, problems);
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

    private static EnsembleTrust? ReadOnline(JsonObjectReader fields)
    {
        // What is left out is as in the record; the learner alone must be named.
        var usual = new EnsembleTrust("");
        var learner = fields.Text("learner");
        var loss = fields.Has("loss") ? fields.Text("loss") : usual.Loss;
        var strength = fields.Number("strength", 0, 100, aboveLeast: true, fallback: usual.Strength);
        var explore = fields.Number("explore", 0, 1, fallback: usual.Explore);
        var share = fields.Number("share", 0, 0.99, fallback: usual.Share);
        var rate = fields.Number("rate", 0, 100, aboveLeast: true, fallback: usual.Rate);
        fields.Close();
        return learner is null || loss is null || strength is null || explore is null || share is null || rate is null
            ? null
            : new EnsembleTrust(learner, loss, strength.Value, explore.Value, share.Value, rate.Value);
    }

    /// <returns>Null after a problem: the expert calls itself otherwise, or judges other labels.</returns>
    private static EnsembleExpert? Join(
        ExpertPackage package, string folderName, IReadOnlyList<string>? labels, string folder, List<PackageProblem> problems)
    {
        var count = problems.Count;
        var file = Path.Combine(folder, ExpertPackageReader.FileName);
        if (package.Name != folderName)
        {
            problems.Add(new PackageProblem(file, "name", $"is '{package.Name}'; it must be '{folderName}', the folder that the ensemble names."));
        }

        if (labels is null)
        {
            return null;
        }

        var missing = labels.Except(package.Labels).ToArray();
        var foreign = package.Labels.Except(labels).ToArray();
        if (missing.Length + foreign.Length > 0)
        {
            problems.Add(new PackageProblem(
                file, "labels", $"must be the ensemble's labels in any order; missing: [{string.Join(", ", missing)}], not of the ensemble: [{string.Join(", ", foreign)}]."));
        }

        var own = package.Labels.ToList();
        return problems.Count > count ? null : new EnsembleExpert(package, labels.Select(label => own.IndexOf(label)).ToArray());
    }
}
