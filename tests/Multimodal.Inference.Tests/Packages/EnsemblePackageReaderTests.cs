using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Packages;

public sealed class EnsemblePackageReaderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private PackageReadResult<EnsemblePackage> Read(Action<JsonObject> changeEnsemble, Action<JsonObject> changeSecond)
    {
        var model = TinyModels.Linear(4, 3, seed: 1);
        var first = PackageFolder.Manifest(model, 4, "a", "b", "c");
        first["name"] = "first";
        PackageFolder.Write(_scratch.At("first"), first, model);
        var second = PackageFolder.Manifest(model, 4, "c", "a", "b");
        second["name"] = "second";
        changeSecond(second);
        PackageFolder.Write(_scratch.At("second"), second, model);

        var ensemble = new JsonObject
        {
            ["name"] = "letters",
            ["version"] = "0.1.0",
            ["labels"] = new JsonArray("a", "b", "c"),
            ["experts"] = new JsonArray("first", "second"),
            ["gate"] = "gate.json",
            ["combiner"] = "combiner.json",
            ["defaults"] = new JsonObject { ["strategy"] = "top-k", ["k"] = null, ["fusion"] = "learned", ["deadlineMs"] = 250 },
        };
        changeEnsemble(ensemble);
        File.WriteAllText(_scratch.At("ensemble.json"), ensemble.ToJsonString());
        return EnsemblePackageReader.Read(_scratch.Path, new MediaOptions(), NumbersPreprocessor.Kinds);
    }

    [Fact]
    public void Read_ValidEnsemble_ReturnsItsExpertsInOrder()
    {
        var ensemble = Read(_ => { }, _ => { }).OrThrow();

        Assert.Equal(["first", "second"], ensemble.Experts.Select(expert => expert.Package.Name));
        Assert.Equal(new EnsembleDefaults("top-k", null, "learned", TimeSpan.FromMilliseconds(250)), ensemble.Defaults);
        Assert.Equal((_scratch.At("gate.json"), _scratch.At("combiner.json")), (ensemble.GateFile, ensemble.CombinerFile));
    }

    [Fact]
    public void Read_Online_ReturnsItsSettings()
    {
        EnsembleTrust? Trust(JsonNode? online) => Read(json => json["online"] = online, _ => { }).OrThrow().Trust;

        Assert.Equal(
            new EnsembleTrust("boa", "log", 1, 0.1, 0.1, 2),
            Trust(new JsonObject { ["learner"] = "boa", ["loss"] = "log", ["share"] = 0.1, ["rate"] = 2 }));
        Assert.Equal(new EnsembleTrust("moe-f", "brier", 1, 0.1, 0.01, 0.5), Trust(new JsonObject { ["learner"] = "moe-f" }));
        Assert.Null(Trust(null));
    }

    [Fact]
    public void Read_ShadowAndVersions_ReturnsSharesAndFiles()
    {
        var ensemble = Read(
            json =>
            {
                json["shadow"] = new JsonObject { ["second"] = 0.25 };
                json["versions"] = Array(Version("4", 0.1), Version("4+b", 0.9));
            },
            _ => { }).OrThrow();

        Assert.Equal([null, 0.25], ensemble.Experts.Select(expert => expert.ShadowShare));
        Assert.Equal(
            [
                new EnsembleVersion("4", _scratch.At("gate-4.json"), _scratch.At("combiner-4.json"), 0.1),
                new EnsembleVersion("4+b", _scratch.At("gate-4+b.json"), _scratch.At("combiner-4+b.json"), 0.9),
            ],
            ensemble.Versions);
    }

    private static JsonObject Version(string name, double share, string? file = null) => new()
    {
        ["name"] = name,
        ["gate"] = $"gate-{file ?? name}.json",
        ["combiner"] = $"combiner-{file ?? name}.json",
        ["share"] = share,
    };

    private static JsonArray Array(params JsonNode[] items) => new(items);

    private static JsonObject Online(string key, JsonNode value) => new() { ["learner"] = "boa", [key] = value };

    private static JsonObject Without(string key, JsonObject json)
    {
        json.Remove(key);
        return json;
    }

    [Fact]
    public void Reorder_ExpertWithAnotherOrder_ReturnsTheOrderOfTheEnsemble()
    {
        var ensemble = Read(_ => { }, _ => { }).OrThrow();

        // The order of the second expert is c, a, b; that of the ensemble is a, b, c.
        Assert.Equal([-0.1, -0.2, -0.3], ensemble.Experts[0].Reorder([-0.1, -0.2, -0.3]));
        Assert.Equal([-0.2, -0.3, -0.1], ensemble.Experts[1].Reorder([-0.1, -0.2, -0.3]));
        Assert.Throws<ArgumentException>(() => ensemble.Experts[1].Reorder([-0.1]));
    }

    public static TheoryData<string, Action<JsonObject>, string, string> Errors => new()
    {
        { "name with a space", json => json["name"] = "my letters", "name", "lower-case" },
        { "no experts", json => json["experts"] = new JsonArray(), "experts", "at least 1" },
        { "expert twice", json => json["experts"] = new JsonArray("first", "first"), "experts[1]", "repeats" },
        { "expert elsewhere", json => json["experts"] = new JsonArray("first", "../second"), "experts[1]", "lower-case" },
        { "gate elsewhere", json => json["gate"] = "../gate.json", "gate", "name of a file" },
        { "combiner missing", json => json.Remove("combiner"), "combiner", "is missing" },
        { "k above the experts", json => json["defaults"]!["k"] = 3, "defaults.k", "at most 2" },
        { "fractional k", json => json["defaults"]!["k"] = 1.5, "defaults.k", "is 1.5; it must be an integer" },
        { "no deadline", json => json["defaults"]!["deadlineMs"] = 0, "defaults.deadlineMs", "at least 1" },
        { "schema in an object", json => json["defaults"]!["$schema"] = "x", "defaults.$schema", "is not known" },
        { "unknown default", json => json["defaults"]!["speed"] = "fast", "defaults.speed", "is not known" },
        { "online without learner", json => json["online"] = new JsonObject(), "online.learner", "is missing" },
        { "online is a list", json => json["online"] = new JsonArray(), "online", "an object" },
        { "no loss", json => json["online"] = Online("loss", 1), "online.loss", "a string" },
        { "no strength", json => json["online"] = Online("strength", 0), "online.strength", "above 0" },
        { "explore above one", json => json["online"] = Online("explore", 1.5), "online.explore", "at most 1" },
        { "share of one", json => json["online"] = Online("share", 1), "online.share", "at most 0.99" },
        { "rate below zero", json => json["online"] = Online("rate", -1), "online.rate", "above 0" },
        { "unknown in online", json => json["online"] = Online("speed", 1), "online.speed", "is not known" },
        { "shadow of an unknown expert", json => json["shadow"] = new JsonObject { ["third"] = 1 }, "shadow.third", "is not an expert" },
        { "share above one", json => json["shadow"] = new JsonObject { ["second"] = 1.5 }, "shadow.second", "at most 1" },
        { "all experts in shadow", json => json["shadow"] = new JsonObject { ["first"] = 0, ["second"] = 1 }, "shadow", "at least one" },
        { "shadow as a list", json => json["shadow"] = new JsonArray("second"), "shadow", "must be an object" },
        { "version twice", json => json["versions"] = Array(Version("4", 0), Version("4", 0)), "versions[1].name", "repeats" },
        { "version as a path", json => json["versions"] = Array(Version("../4", 0, file: "4")), "versions[0].name", "letters, digits" },
        { "sum of shares above one", json => json["versions"] = Array(Version("4", 0.6), Version("5", 0.5)), "versions", "at most 1" },
        { "no share", json => json["versions"] = Array(Without("share", Version("4", 0))), "versions[0].share", "is missing" },
        { "version is text", json => json["versions"] = Array("4"), "versions[0]", "must be an object" },
        { "unknown key", json => json["extra"] = 1, "extra", "is not known" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Read_OneError_IsReportedAtItsKey(string error, Action<JsonObject> change, string key, string part)
    {
        var problem = Assert.Single(Read(change, _ => { }).Problems);

        Assert.True(problem.Key == key, $"{error}: {problem}");
        Assert.Equal(_scratch.At("ensemble.json"), problem.File);
        Assert.Contains(part, problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ErrorsInEnsembleAndExperts_AreAllReportedWithTheirFiles()
    {
        var result = Read(
            ensemble =>
            {
                ensemble["version"] = "one";
                ensemble["experts"] = new JsonArray("first", "second", "third");
            },
            second =>
            {
                second["labels"] = new JsonArray("a", "b", "d");
                second["name"] = "zweiter";
            });

        Assert.Equal(
            [("ensemble.json", "version"), ("second/expert.json", "labels"), ("second/expert.json", "name"), ("third/expert.json", "$")],
            result.Problems.Select(problem => (Path.GetRelativePath(_scratch.Path, problem.File), problem.Key)).Order());
        Assert.Contains(
            "missing: [c], unknown: [d]", result.Problems.Single(problem => problem.Key == "labels").Problem, StringComparison.Ordinal);
    }
}
