using System.Text.RegularExpressions;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Manifests;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Packages;

/// <summary>Reads and checks an expert's folder: its <c>expert.json</c> first, then the model's real inputs and outputs against it.</summary>
public static partial class ExpertPackageReader
{
    /// <summary>Name of the file that makes a folder an expert package.</summary>
    public const string FileName = "expert.json";

    /// <summary>The pattern of names in words.</summary>
    internal const string NameRule = "must be 1 to 64 lower-case letters, digits and single hyphens, beginning with a letter.";

    /// <summary>The pattern of versions in words.</summary>
    internal const string VersionRule = "must be a semantic version, for example 1.0.0.";

    /// <summary>Reads a package and reports every mistake at once.</summary>
    /// <param name="folder">The folder with <c>expert.json</c>.</param>
    /// <param name="limits">The media limits in force; preprocessing options are checked against them.</param>
    public static PackageReadResult<ExpertPackage> Read(string folder, MediaOptions limits) => Read(folder, limits, PreprocessorTable.ByKind);

    /// <summary>Same, with an explicit preprocessor table.</summary>
    internal static PackageReadResult<ExpertPackage> Read(string folder, MediaOptions limits, IReadOnlyDictionary<string, PreprocessorFactory> kinds)
    {
        var problems = new List<PackageProblem>();
        var file = Path.Combine(folder, FileName);
        void Report(string key, string problem) => problems.Add(new PackageProblem(file, key, problem));

        if (JsonObjectReader.Open(file, Report) is not { } fields)
        {
            return new PackageReadResult<ExpertPackage>(null, problems);
        }

        var name = fields.Text("name", NamePattern(), NameRule);
        var version = fields.Text("version", VersionPattern(), VersionRule);
        var description = fields.Text("description");
        var modality = fields.OneOf("modality", ["text", "image", "audio"]);
        var labels = fields.Texts("labels", least: 2);
        var model = fields.Text("model");
        var sha256 = fields.Text("sha256", PackageFile.Checksum(), PackageFile.ChecksumRule);
        var input = fields.Text("input");
        var output = fields.Text("output");
        var activation = fields.OneOf("activation", LogProbabilities.ByName.Keys);
        var temperature = fields.Number("temperature", 0, 1000, aboveLeast: true);
        var cost = fields.Number("cost", 0, 1e6);
        var licence = fields.Text("licence");
        var trainedOn = fields.Texts("trainedOn", least: 1);
        var preprocessing = fields.Object("preprocessing");
        var preprocessor = preprocessing is { } options
            ? PreprocessorReader.Read(new PreprocessorContext(options, folder, limits), kinds, (key, problem) => Report("preprocessing." + key, problem))
            : null;
        fields.Close();

        // A wrong checksum means that the model is not looked into.
        using (var stream = model is null ? null : PackageFile.Open(folder, model, "model", ("sha256", sha256), Report))
        {
            if (stream is not null)
            {
                ModelCheck.Run(stream.Name, input, preprocessor?.Row, output, labels?.Count, Report);
            }
        }

        if (problems.Count > 0)
        {
            return new PackageReadResult<ExpertPackage>(null, problems);
        }

        var package = new ExpertPackage
        {
            Name = name!,
            Version = version!,
            Description = description!,
            Modality = Enum.Parse<Modality>(modality!, ignoreCase: true),
            Labels = labels!,
            Model = model!,
            Sha256 = sha256!,
            Input = input!,
            Output = output!,
            Preprocessing = preprocessing!.Value,
            Activation = activation!,
            Temperature = temperature!.Value,
            Cost = cost!.Value,
            Licence = licence!,
            TrainedOn = trainedOn!,
            Folder = Path.GetFullPath(folder),
        };
        return new PackageReadResult<ExpertPackage>(package, problems);
    }

    [GeneratedRegex("^(?=.{1,64}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    internal static partial Regex NamePattern();

    // semver.org, section "Is there a suggested regular expression", shortened to ASCII identifiers.
    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", RegexOptions.ECMAScript)]
    internal static partial Regex VersionPattern();
}
