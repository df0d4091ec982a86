using System.Text.Json.Nodes;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Packages;

public sealed class ExpertPackageReaderTests : IDisposable
{
    private static readonly byte[] Model = TinyModels.Linear(4, 3, seed: 1);
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private PackageReadResult<ExpertPackage> Read(byte[] model, Action<JsonObject> change)
    {
        var manifest = PackageFolder.Manifest(model, 4, "a", "b", "c");
        change(manifest);
        var folder = PackageFolder.Write(_scratch.At("tiny"), manifest, model);
        return ExpertPackageReader.Read(folder, new MediaOptions(), NumbersPreprocessor.Kinds);
    }

    [Fact]
    public void Read_ValidPackage_ReturnsItsContent()
    {
        var package = Read(Model, manifest => manifest["$schema"] = "../schema/expert.schema.json").OrThrow();

        Assert.Equal(
            ("tiny", "1.2.3", Modality.Text, "x", "y"),
            (package.Name, package.Version, package.Modality, package.Input, package.Output));
        Assert.Equal(("softmax", 1.5, 1.0, "MIT"), (package.Activation, package.Temperature, package.Cost, package.Licence));
        Assert.Equal(["a", "b", "c"], package.Labels);
        Assert.Equal(["numbers from a seed"], package.TrainedOn);
        Assert.Equal(4, package.Preprocessing.GetProperty("count").GetInt32());
        Assert.Equal(_scratch.At("tiny", "model.onnx"), package.ModelPath);
    }

    public static TheoryData<string, Action<JsonObject>, string, string> Errors => new()
    {
        { "blank name", json => json["name"] = "", "name", "lower-case" },
        { "capitals in the name", json => json["name"] = "Tiny", "name", "lower-case" },
        { "two hyphens", json => json["name"] = "a--b", "name", "lower-case" },
        { "path in the name", json => json["name"] = "../x", "name", "lower-case" },
        { "name of 65", json => json["name"] = new string('a', 65), "name", "lower-case" },
        { "name is a number", json => json["name"] = 7, "name", "must be a string" },
        { "no name", json => json.Remove("name"), "name", "is missing" },
        { "version of two parts", json => json["version"] = "1.0", "version", "semantic version" },
        { "blank description", json => json["description"] = "  ", "description", "must not be blank" },
        { "unknown modality", json => json["modality"] = "video", "modality", "one of: audio, image, text" },
        { "modality in capitals", json => json["modality"] = "Text", "modality", "one of: audio, image, text" },
        { "labels are text", json => json["labels"] = "abc", "labels", "a list of strings" },
        { "one label", json => json["labels"] = new JsonArray("a"), "labels", "at least 2" },
        { "duplicate label", json => json["labels"] = new JsonArray("a", "b", "a"), "labels[2]", "repeats 'a'" },
        { "blank label", json => json["labels"] = new JsonArray("a", " ", "c"), "labels[1]", "must not be blank" },
        { "label is a number", json => json["labels"] = new JsonArray("a", 2, "c"), "labels[1]", "must be a string" },
        { "labels too many", json => json["labels"] = new JsonArray("a", "b", "c", "d"), "labels", "3 columns" },
        { "model elsewhere", json => json["model"] = "../model.onnx", "model", "inside the package's folder" },
        { "model with a rooted path", json => json["model"] = "/etc/hostname", "model", "inside the package's folder" },
        { "model with a NUL in its path", json => json["model"] = "model\0.onnx", "model", "inside the package's folder" },
        { "model absent", json => json["model"] = "other.onnx", "model", "not in the folder" },
        { "checksum of another file", json => json["sha256"] = new string('0', 64), "sha256", "does not match" },
        { "checksum in capitals", json => json["sha256"] = new string('A', 64), "sha256", "64 lower-case" },
        { "other input", json => json["input"] = "z", "input", "inputs are: x" },
        { "other output", json => json["output"] = "z", "output", "outputs are: y" },
        { "preprocessing is text", json => json["preprocessing"] = "numbers", "preprocessing", "must be an object" },
        { "preprocessing without kind", json => json["preprocessing"] = new JsonObject(), "preprocessing.kind", "is missing" },
        { "unknown kind", json => json["preprocessing"]!["kind"] = "magic", "preprocessing.kind", "one of: numbers" },
        { "wrong option", json => json["preprocessing"]!["count"] = -1, "preprocessing.count", "positive" },
        { "other row", json => json["preprocessing"]!["count"] = 5, "input", "[?, 4]" },
        { "unknown activation", json => json["activation"] = "sigmoid", "activation", "log-probabilities, probabilities, softmax" },
        { "temperature zero", json => json["temperature"] = 0, "temperature", "above 0" },
        { "temperature is text", json => json["temperature"] = "1.0", "temperature", "must be a number" },
        { "negative cost", json => json["cost"] = -1, "cost", "at least 0" },
        { "null licence", json => json["licence"] = null, "licence", "must be a string" },
        { "trained on nothing", json => json["trainedOn"] = new JsonArray(), "trainedOn", "at least 1" },
        { "unknown key", json => json["colour"] = "red", "colour", "is not known" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Read_OneError_IsReportedAtItsFileAndKey(string error, Action<JsonObject> change, string key, string part)
    {
        var result = Read(Model, change);

        var problem = Assert.Single(result.Problems);
        Assert.Null(result.Package);
        Assert.True(problem.Key == key, $"{error}: {problem}");
        Assert.Equal(_scratch.At("tiny", "expert.json"), problem.File);
        Assert.Contains(part, problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyErrors_AreAllReported()
    {
        var result = Read(Model, json =>
        {
            json.Remove("version");
            json["modality"] = "smell";
            json["labels"] = new JsonArray("a", "a");
            json["input"] = "z";
            json["preprocessing"]!["count"] = 0;
            json["cost"] = -1;
            json["extra"] = true;
        });

        Assert.Equal(
            ["cost", "extra", "input", "labels[1]", "modality", "preprocessing.count", "version"],
            result.Problems.Select(problem => problem.Key).Order(StringComparer.Ordinal));
        var exception = Assert.Throws<InvalidPackageException>(result.OrThrow);
        Assert.All(result.Problems, problem => Assert.Contains(problem.ToString(), exception.Message, StringComparison.Ordinal));
    }

    public static TheoryData<string, byte[], string, string> WrongModels => new()
    {
        { "not a model", "not a model"u8.ToArray(), "model", "not a model that ONNX Runtime can load" },
        { "truncated", Model[..(Model.Length / 2)], "model", "not a model that ONNX Runtime can load" },
        { "batch of one", Shaped(OnnxGraph.Float, [1, 4], [1, 4]), "input", "free batch axis" },
        { "integers in", Shaped(OnnxGraph.Int64, [null, 4], [null, 4]), "input", "holds Int64" },
        { "three axes in", Shaped(OnnxGraph.Float, [null, 4, 1], [null, 4, 1]), "input", "[?, 4, 1]" },
        { "integers out", Shaped(OnnxGraph.Int64, [null, 4], [null, 4]), "output", "must be Float [batch, labels]" },
        { "more columns than labels", Shaped(OnnxGraph.Float, [null, 4], [null, 4]), "labels", "has 4 columns" },
        { "two inputs", TwoInputs(), "model", "needs 2 inputs (other, x)" },
    };

    [Theory]
    [MemberData(nameof(WrongModels))]
    public void Read_ModelDiffersFromThePackage_IsReportedAtTheKeyOfThePackage(string error, byte[] model, string key, string part)
    {
        var result = Read(model, _ => { });

        Assert.True(
            result.Problems.Any(problem => problem.Key == key && problem.Problem.Contains(part, StringComparison.Ordinal)),
            $"{error}: {string.Join(Environment.NewLine, result.Problems)}");
    }

    [Fact]
    public void Read_FreeExtents_MatchAnyRow()
    {
        var model = Shaped(OnnxGraph.Float, [null, null], [null, null]);

        Assert.Empty(Read(model, _ => { }).Problems);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("", "is not valid JSON")]
    public void Read_NotAJsonObject_IsReported(string text, string part)
    {
        File.WriteAllText(_scratch.At("expert.json"), text);

        var problem = Assert.Single(ExpertPackageReader.Read(_scratch.Path, new MediaOptions()).Problems);

        Assert.Equal("$", problem.Key);
        Assert.Contains(part, problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFolder_IsReported() =>
        Assert.Equal(
            "does not exist.", Assert.Single(ExpertPackageReader.Read(_scratch.At("missing"), new MediaOptions()).Problems).Problem);

    [Fact]
    public void Read_DuplicateKey_IsReported()
    {
        var manifest = PackageFolder.Manifest(Model, 4, "a", "b", "c").ToJsonString();
        PackageFolder.Write(_scratch.At("tiny"), [], Model);
        File.WriteAllText(_scratch.At("tiny", "expert.json"), manifest.Insert(1, "\"name\":\"other\","));

        var result = ExpertPackageReader.Read(_scratch.At("tiny"), new MediaOptions(), NumbersPreprocessor.Kinds);
        var problem = Assert.Single(result.Problems);

        Assert.Equal(("name", "occurs twice."), (problem.Key, problem.Problem));
    }

    private static byte[] Shaped(int type, int?[] input, int?[] output) => new OnnxGraph()
        .Input("x", type, input)
        .Output("y", type, output)
        .Node("Identity", ["x"], "y")
        .ToModel();

    private static byte[] TwoInputs() => new OnnxGraph()
        .Input("x", OnnxGraph.Float, null, 4)
        .Input("other", OnnxGraph.Float, null, 4)
        .Output("y", OnnxGraph.Float, null, 4)
        .Node("Add", ["x", "other"], "y")
        .ToModel();
}
