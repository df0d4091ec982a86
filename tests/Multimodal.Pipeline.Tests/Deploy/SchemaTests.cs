using System.Text.Json.Nodes;
using k8s;
using Multimodal.Testing;
using YamlDotNet.Core;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Deployment files contain only fields that Compose, Kubernetes, KEDA and Kustomize define, with the right types.</summary>
public sealed class SchemaTests
{
    private static readonly string Folder = RepositoryFiles.At("deploy", "kubernetes");

    // Compose's schema names its draft by https; the draft's identifier is http.
    private static readonly SchemaCheck ComposeSchema = new(Schema("compose.schema.json").Replace(
        "https://json-schema.org/draft-07/schema", "http://json-schema.org/draft-07/schema#", StringComparison.Ordinal));

    private static readonly Dictionary<string, SchemaCheck> CustomSchemas = JsonNode.Parse(Schema("custom-resources.schema.json"))!["definitions"]!.AsObject()
        .ToDictionary(definition => definition.Key, definition => new SchemaCheck(definition.Value!.ToJsonString()));

    /// <summary>Kinds without a model, which are checked by a schema.</summary>
    private static readonly Dictionary<string, Type> WithoutModel = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(Dictionary<string, object>),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(Dictionary<string, object>),
        ["kustomize.config.k8s.io/v1beta1/Kustomization"] = typeof(Dictionary<string, object>),
    };

    public static TheoryData<string> Manifests => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)!)];

    [Fact]
    public void Compose_IsWhatComposeTakes() => Assert.Empty(OfCompose(File.ReadAllText(RepositoryFiles.At("docker-compose.yml"))));

    [Theory]
    [InlineData("healthcheck:", "healthchek:", "/services/rabbitmq/healthchek: additionalProperties")]
    [InlineData("read_only: true", "read_onyl: true", "/services/gateway/read_onyl: additionalProperties")]
    [InlineData("service_healthy", "service_helthy", "/services/gateway/depends_on/rabbitmq/condition: enum")]
    [InlineData("dockerfile: services/Dockerfile", "dokerfile: services/Dockerfile", "/services/gateway/build/dokerfile: additionalProperties")]
    [InlineData("retries: 12", "retries: [12]", "/services/rabbitmq/healthcheck/retries: type")]
    [InlineData("driver: nvidia", "drivers: nvidia", "/services/vision-expert-gpu/deploy/resources/reservations/devices/0/drivers: additionalProperties")]
    [InlineData("\nvolumes:\n", "\nvolums:\n", "/volums: additionalProperties")]
    public void Compose_AFieldMisspelt_IsNamed(string right, string wrong, string violation) =>
        Assert.Contains(violation, OfCompose(Broken(RepositoryFiles.At("docker-compose.yml"), right, wrong)));

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Manifest_IsWhatTheClusterTakes(string file) => Assert.Empty(OfManifest(File.ReadAllText(Path.Combine(Folder, file))));

    [Theory]
    [InlineData("gateway.yaml", "allowPrivilegeEscalation", "allowPrivilegeEscalatoin", "allowPrivilegeEscalatoin")]
    [InlineData("gateway.yaml", "maxUnavailable: 1", "maxUnavailble: 1", "maxUnavailble")]
    [InlineData("gateway.yaml", "targetPort", "tragetPort", "tragetPort")]
    [InlineData("gateway.yaml", "periodSeconds: 2", "periodSeconds: two", "two")]
    [InlineData("gateway.yaml", "cpu: 500m", "cpu: 500mm", "quantity")]
    [InlineData("gateway.yaml", "kind: Deployment", "kind: Deploiment", "Deploiment")]
    [InlineData("gateway.yaml", "value: postgresql", "value: postgresql, value: sqlite", "duplicate")]
    [InlineData("settings.yaml", "secretTargetRef", "secretTargetRefs", "/spec/secretTargetRefs: additionalProperties")]
    [InlineData("combiner.yaml", "minReplicaCount", "minReplicas", "/spec/minReplicas: additionalProperties")]
    [InlineData("combiner.yaml", "cooldownPeriod: 120", "cooldownPeriod: \"120\"", "/spec/cooldownPeriod: type")]
    [InlineData("combiner.yaml", "queueName: fuse", "queue: fuse", "/spec/triggers/0/metadata/queue: additionalProperties")]
    [InlineData("combiner.yaml", "value: \"128\"", "value: 128", "/spec/triggers/0/metadata/value: type")]
    [InlineData("combiner.yaml", "mode: QueueLength", "mode: Queuelength", "/spec/triggers/0/metadata/mode: enum")]
    [InlineData("kustomization.yaml", "newTag", "tag", "/images/0/tag: additionalProperties")]
    public void Manifest_AFieldMisspelt_IsNamed(string file, string right, string wrong, string named) => Assert.Contains(
        OfManifest(Broken(Path.Combine(Folder, file), right, wrong)), failure => failure.Contains(named, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<string> OfCompose(string text) => ComposeSchema.Violations(Assert.Single(Yaml.Json(text)));

    private static List<string> OfManifest(string text)
    {
        var failures = new List<string>();
        try
        {
            // Strict: an unknown field throws. The model checks types but not other constraints.
            Assert.NotEmpty(KubernetesYaml.LoadAllFromString(text, WithoutModel, strict: true));
        }
        catch (Exception exception) when (exception is YamlException or KeyNotFoundException)
        {
            failures.Add($"{exception.Message} {exception.InnerException?.Message}");
        }

        foreach (var document in failures.Count > 0 ? [] : Yaml.Json(text))
        {
            if (WithoutModel.ContainsKey($"{document!["apiVersion"]}/{document["kind"]}"))
            {
                failures.AddRange(CustomSchemas[document["kind"]!.GetValue<string>()].Violations(document));
            }
        }

        return failures;
    }

    private static string Broken(string file, string right, string wrong)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }

    private static string Schema(string name) => File.ReadAllText(RepositoryFiles.At("tests", "Multimodal.Pipeline.Tests", "Deploy", "Schemas", name));
}
