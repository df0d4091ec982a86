using System.Text.Json;
using Multimodal.Pipeline.Messaging;
using Multimodal.Testing;
using YamlDotNet.RepresentationModel;

namespace Multimodal.Pipeline.Tests.Deploy;

public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "deploy", "kubernetes");
    private static readonly string[] Probes = ["/health/live", "/health/ready"];

    private static readonly IReadOnlyList<YamlMappingNode> All =
        [.. Directory.GetFiles(Folder, "*.yaml").Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal)).SelectMany(Yaml.Read)];

    private static readonly IReadOnlyList<KeyValuePair<string, string>> Shared = [.. Assert.Single(OfKind("ConfigMap")).Texts("data")];

    public static TheoryData<string> Deployments => [.. OfKind("Deployment").Select(deployment => deployment.Text("metadata", "name"))];

    [Fact]
    public void Kustomization_NamesEveryFileAndEveryImage()
    {
        var kustomization = Assert.Single(Yaml.Read(Path.Combine(Folder, "kustomization.yaml")));
        var files = Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)!).Where(file => file != "kustomization.yaml");

        Assert.Equal(files.Order(StringComparer.Ordinal), kustomization.Items("resources").Select(file => file.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(
            OfKind("Deployment").Select(deployment => Container(deployment).Text("image")).Distinct().Order(StringComparer.Ordinal),
            kustomization.Items("images").Select(image => image.Text("name")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Deployment_Settings_AreWhatTheServiceReads(string name)
    {
        var (pod, container) = (Pod(name), Container(Deployment(name)));
        var own = container.Items("env").Select(variable => KeyValuePair.Create(variable.Text("name"), variable.At("value")?.ToString() ?? "from a secret"));
        var options = Settings.Bind(Shared.Concat(own));

        var waiting = container.At("lifecycle", "preStop", "sleep", "seconds") is { } seconds ? Number(seconds) : 0;
        Assert.True(Number(pod.At("terminationGracePeriodSeconds")!) >= options.Hosting.DrainSeconds + waiting + 10);
        Assert.Equal(name == "gateway" ? "postgresql" : "sqlite", options.Store.Kind);
        if (name.StartsWith("expert-", StringComparison.Ordinal))
        {
            Assert.Equal("digits/" + name["expert-".Length..], options.Experts.Serve);
        }
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Deployment_Pod_IsProbedAndConfined(string name)
    {
        var (deployment, pod) = (Deployment(name), Pod(name));
        var container = Container(deployment);
        var service = container.Text("image").Split('/')[1];
        var dockerfile = File.ReadAllText(RepositoryFiles.At("services", "Dockerfile"));

        Assert.True(Directory.Exists(RepositoryFiles.At("services", service)), $"{service} cannot be built");
        Assert.Equal("8080", Assert.Single(container.Items("ports")).Text("containerPort"));
        Assert.Contains("EXPOSE 8080", dockerfile, StringComparison.Ordinal);
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            Assert.Contains(container.Text(probe, "httpGet", "path"), Probes);
            Assert.Equal("http", container.Text(probe, "httpGet", "port"));
        }

        Assert.Equal("/health/ready", container.Text("readinessProbe", "httpGet", "path"));
        Assert.Equal("/metrics", deployment.Text("spec", "template", "metadata", "annotations", "prometheus.io/path"));
        Assert.Equal(("true", "1654"), (pod.Text("securityContext", "runAsNonRoot"), pod.Text("securityContext", "runAsUser")));
        Assert.Equal(
            ("false", "true"),
            (container.Text("securityContext", "allowPrivilegeEscalation"), container.Text("securityContext", "readOnlyRootFilesystem")));
        Assert.NotNull(container.At("resources", "requests", "cpu"));
        Assert.NotNull(container.At("resources", "limits", "memory"));
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Deployment_Selectors_MeetItsPods(string name)
    {
        var deployment = Deployment(name);
        Assert.Equal(name, deployment.Text("spec", "template", "metadata", "labels", "app.kubernetes.io/name"));
        Assert.Equal(name, deployment.Text("spec", "selector", "matchLabels", "app.kubernetes.io/name"));
        Assert.Equal(name, Assert.Single(OfKind("PodDisruptionBudget"), budget => budget.Text("metadata", "name") == name).Text("spec", "selector", "matchLabels", "app.kubernetes.io/name"));
    }

    [Fact]
    public void ScaledObjects_WatchTheQueueOfTheirDeployment()
    {
        var queues = OfKind("ScaledObject").ToDictionary(
            scaled => scaled.Text("spec", "scaleTargetRef", "name"), scaled => scaled.Items("spec", "triggers").Select(trigger => trigger.Text("metadata", "queueName")));

        // Workloads with an autoscaler have no fixed number of replicas, because each `apply` would reset it.
        Assert.Equal(
            OfKind("Deployment").Where(deployment => deployment.At("spec", "replicas") is null).Select(deployment => deployment.Text("metadata", "name")).Order(),
            queues.Keys.Order());
        Assert.All(queues, queue => Assert.Equal(
            Topology.Priorities.Select(priority =>
                queue.Key == "combiner" ? Topology.FuseQueue(priority) : Topology.LiveQueue("digits", queue.Key["expert-".Length..], priority)),
            queue.Value));
    }

    [Fact]
    public void Experts_OfTheBundledEnsemble_EachHaveADeploymentOfTheirService()
    {
        var models = Path.Combine(RepositoryFiles.Root, "models", "digits");
        using var ensemble = JsonDocument.Parse(File.ReadAllText(Path.Combine(models, "ensemble.json")));
        foreach (var expert in ensemble.RootElement.GetProperty("experts").EnumerateArray().Select(expert => expert.GetString()!))
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(models, expert, "expert.json")));
            var modality = package.RootElement.GetProperty("modality").GetString();

            Assert.Equal($"multimodal/{(modality == "image" ? "vision" : modality)}-expert", Container(Deployment("expert-" + expert)).Text("image"));
        }
    }

    [Fact]
    public void EveryDeploymentFile_NamesOnlySettingsThatExist()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "deploy"), "*", SearchOption.AllDirectories).Append(Path.Combine(RepositoryFiles.Root, "docker-compose.yml"));
        var names = files.SelectMany(file => Settings.NamesIn(File.ReadAllText(file))).Distinct().ToArray();

        Assert.InRange(names.Length, 15, 1000);
        Assert.All(names, name => Assert.True(Settings.IsKnown(name), name));
        Assert.Contains("Multimodal__Keys__shop__Sha256", names);
        Assert.False(Settings.IsKnown("Multimodal__Hosting__DrainSecond"));
        Assert.False(Settings.IsKnown("Multimodal__Keys__shop__Sha265"));
        Assert.False(Settings.IsKnown("Multimodal__Keys__shop"));
    }

    private static IEnumerable<YamlMappingNode> OfKind(string kind) => All.Where(document => document.Text("kind") == kind);

    private static YamlMappingNode Deployment(string name) => Assert.Single(OfKind("Deployment"), deployment => deployment.Text("metadata", "name") == name);

    private static YamlNode Pod(string name) => Deployment(name).At("spec", "template", "spec")!;

    private static YamlNode Container(YamlNode deployment) => Assert.Single(deployment.Items("spec", "template", "spec", "containers"));

    private static int Number(YamlNode node) => int.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
