using System.Text.Json;
using System.Text.RegularExpressions;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Packages;

/// <summary>Reads and validates the package of an expert: its <c>expert.json</c>, then the inputs and outputs of its model.</summary>
public static partial class ExpertPackageReader
{
    /// <summary>The name of the file that describes an expert.</summary>
    public const string FileName = "expert.json";

    /// <summary>Describes <see cref="NamePattern"/> in error messages.</summary>
    internal const string NameRule = "must be 1 to 64 lower-case letters, digits and single hyphens, and start with a letter.";

    /// <summary>Describes <see cref="VersionPattern"/> in error messages.</summary>
    internal const string VersionRule = "must be a semantic version, for example 1.0.0.";

    /// <summary>Reads a package and reports every error.</summary>
    /// <param name="folder">The folder that contains <c>expert.json</c>.</param>
    /// <param name="limits">The media limits that the preprocessor will apply.</param>
    public static PackageReadResult<ExpertPackage> Read(string folder, MediaOptions limits) =>
        Read(folder, limits, PreprocessorTable.ByKind);

    /// <summary>Same, with an explicit preprocessor table.</summary>
    internal static PackageReadResult<ExpertPackage> Read(
        string folder, MediaOptions limits, IReadOnlyDictionary<string, PreprocessorFactory> kinds)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(folder, FileName);
        void Report(string key, string problem) => problems.Add(new PackageProblem(file, key, problem));

        if (JsonObjectReader.Open(file, Report) is not { } fields)
        {
            return new PackageReadResult<ExpertPackage>(null, problems);
        }

        var package = ReadFields(fields, folder);
        var preprocessor = package.Preprocessing.ValueKind == JsonValueKind.Object
            ? PreprocessorReader.Read(
                new PreprocessorContext(package.Preprocessing, folder, limits),
                kinds,
                (key, problem) => Report("preprocessing." + key, problem))
            : null;
        fields.Close();
        CheckModel(package, preprocessor?.Row, Report);
        return new PackageReadResult<ExpertPackage>(problems.Count > 0 ? null : package, problems);
    }

    /// <summary>Reads all values. A value with an error is null or zero; the caller then discards the package.</summary>
    private static ExpertPackage ReadFields(JsonObjectReader fields, string folder) => new()
    {
        Name = fields.Text("name", NamePattern(), NameRule)!,
        Version = fields.Text("version", VersionPattern(), VersionRule)!,
        Description = fields.Text("description")!,
        Modality = fields.OneOf("modality", ["text", "image", "audio"]) is { } modality
            ? Enum.Parse<Modality>(modality, ignoreCase: true)
            : default,
        Labels = fields.Texts("labels", minCount: 2)!,
        Model = fields.Text("model")!,
        Sha256 = fields.Text("sha256", PackageFile.ChecksumPattern(), PackageFile.ChecksumRule)!,
        Input = fields.Text("input")!,
        Output = fields.Text("output")!,
        Activation = fields.OneOf("activation", LogProbabilities.ByName.Keys)!,
        Temperature = fields.Number("temperature", 0, 1000, isMinExclusive: true) ?? 0,
        Cost = fields.Number("cost", 0, 1e6) ?? 0,
        Licence = fields.Text("licence")!,
        TrainedOn = fields.Texts("trainedOn", minCount: 1)!,
        Preprocessing = fields.Object("preprocessing") ?? default,
        Folder = Path.GetFullPath(folder),
    };

    /// <summary>Compares the model with the package, unless the file is absent or its checksum is wrong.</summary>
    private static void CheckModel(ExpertPackage package, TensorRow? row, Action<string, string> report)
    {
        if (package.Model is null)
        {
            return;
        }

        using var stream = PackageFile.Open(package.Folder, package.Model, "model", ("sha256", package.Sha256), report);
        if (stream is not null)
        {
            ModelCheck.Run(stream.Name, new ModelInterface(package.Input, row, package.Output, package.Labels?.Count), report);
        }
    }

    [GeneratedRegex("^(?=.{1,64}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    internal static partial Regex NamePattern();

    // semver.org, section "Is there a suggested regular expression", restricted to ASCII digits.
    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", RegexOptions.ECMAScript)]
    internal static partial Regex VersionPattern();
}
