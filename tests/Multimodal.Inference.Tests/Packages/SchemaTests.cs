using System.Text.Json.Nodes;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Packages;

/// <summary>The published JSON schemas accept and reject the same files as the readers.</summary>
public sealed class SchemaTests
{
    private static readonly SchemaCheck Ensemble = new(File.ReadAllText(RepositoryFiles.At("models", "schema", "ensemble.schema.json")));
    private static readonly SchemaCheck Expert = new(File.ReadAllText(RepositoryFiles.At("models", "schema", "expert.schema.json")));

    private static JsonObject Load(params string[] path) => JsonNode.Parse(File.ReadAllText(RepositoryFiles.At(path)))!.AsObject();

    private static JsonObject RoundTrip(JsonObject json) => JsonNode.Parse(json.ToJsonString())!.AsObject();

    [Fact]
    public void EnsembleSchema_BundledEnsemble_IsValid() =>
        Assert.Empty(Ensemble.Violations(Load("models", "digits", "ensemble.json")));

    [Fact]
    public void EnsembleSchema_ShadowAndVersions_AgreesWithTheReader()
    {
        JsonObject With(string key, JsonNode value)
        {
            var json = Load("models", "digits", "ensemble.json");
            json[key] = value;
            return RoundTrip(json);
        }

        JsonObject version = new() { ["name"] = "4", ["gate"] = "gate-4.json", ["combiner"] = "combiner-4.json", ["share"] = 0.1 };
        Assert.Empty(Ensemble.Violations(With("shadow", new JsonObject { ["audio-dtmf"] = 0.5 })));
        Assert.Empty(Ensemble.Violations(With("versions", new JsonArray(version))));
        Assert.NotEmpty(Ensemble.Violations(With("shadow", new JsonObject { ["audio-dtmf"] = 1.5 })));
        Assert.NotEmpty(Ensemble.Violations(With("shadow", new JsonArray("audio-dtmf"))));
        Assert.NotEmpty(Ensemble.Violations(With("versions", new JsonArray(new JsonObject { ["name"] = "4" }))));
    }

    [Fact]
    public void ExpertSchema_BundledExperts_AreValid()
    {
        var bundled = Directory.GetFiles(RepositoryFiles.At("models"), "expert.json", SearchOption.AllDirectories);

        Assert.All(bundled, path => Assert.Empty(Expert.Violations(JsonNode.Parse(File.ReadAllText(path)))));
    }

    // Errors that a schema cannot detect: in the model, in other files, and in the options of a kind of preprocessing.
    private static readonly string[] DetectedByTheReaderOnly =
    [
        "labels too many", "model elsewhere", "model with a rooted path", "model with a NUL in its path", "model absent",
        "checksum of another file", "other input", "other output", "unknown kind", "wrong option", "other row",
    ];

    [Theory]
    [InlineData("""{ "learner": "boa" }""", true)]
    [InlineData("""{ "learner": "moe-f", "loss": "brier", "strength": 0.5, "explore": 0, "share": 0.1, "rate": 2 }""", true)]
    [InlineData("null", true)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("""{ "learner": "slow-share" }""", false)]
    [InlineData("""{ "learner": "boa", "loss": "zero-one" }""", false)]
    [InlineData("""{ "learner": "boa", "strength": 0 }""", false)]
    [InlineData("""{ "learner": "boa", "explore": 1.5 }""", false)]
    [InlineData("""{ "learner": "boa", "share": 1 }""", false)]
    [InlineData("""{ "learner": "boa", "rate": -1 }""", false)]
    [InlineData("""{ "learner": "boa", "speed": 1 }""", false)]
    public void EnsembleSchema_Online_AgreesWithTheReader(string online, bool isValid)
    {
        var ensemble = Load("models", "digits", "ensemble.json");
        ensemble["online"] = JsonNode.Parse(online);

        Assert.Equal(isValid, Ensemble.Violations(ensemble).Count == 0);
    }

    [Fact]
    public void ExpertSchema_ErrorsOfTheReader_AreViolations()
    {
        var valid = PackageFolder.Manifest([], 4, "a", "b", "c");
        Assert.Empty(Expert.Violations(RoundTrip(valid)));

        foreach (var row in ExpertPackageReaderTests.Errors)
        {
            var (error, change, _, _) = row.Data;
            var json = PackageFolder.Manifest([], 4, "a", "b", "c");
            change(json);
            var violations = Expert.Violations(RoundTrip(json));
            Assert.True(violations.Count > 0 != DetectedByTheReaderOnly.Contains(error), $"{error}: {string.Join(", ", violations)}");
        }
    }
}
