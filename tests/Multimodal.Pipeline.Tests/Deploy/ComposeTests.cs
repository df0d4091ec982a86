using Multimodal.Testing;
using YamlDotNet.RepresentationModel;

namespace Multimodal.Pipeline.Tests.Deploy;

public sealed class ComposeTests
{
    private static readonly string Root = RepositoryFiles.Root;
    private static readonly YamlMappingNode Compose = Assert.Single(Yaml.Read(Path.Combine(Root, "docker-compose.yml")));

    public static TheoryData<string> OwnServices =>
        [.. Compose.Fields("services").Where(service => service.Value.At("build") is not null).Select(service => service.Key)];

    [Fact]
    public void Services_AreTheFiveAndWhatTheyNeed() => Assert.Equal(
        ["audio-expert", "combiner", "gateway", "minio", "minio-bucket", "postgres", "rabbitmq", "text-expert", "vision-expert", "vision-expert-gpu"],
        Compose.Fields("services").Select(service => service.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OwnServices))]
    public void Settings_OfAService_AreWhatTheServiceReads(string name)
    {
        var service = Compose.At("services", name);
        var options = Settings.Bind(service.Texts("environment"));

        Assert.Equal(("rabbitmq", "rabbitmq"), (options.Transport.Kind, options.Transport.Broker.Host));
        Assert.Equal(("s3", "http://minio:9000", true), (options.Blobs.Kind, options.Blobs.S3.Endpoint, options.Blobs.S3.PathStyle));
        Assert.Equal(name == "gateway" ? "postgresql" : "sqlite", options.Store.Kind);
        Assert.True(Seconds(service.Text("stop_grace_period")) >= options.Hosting.DrainSeconds + 10);

        // The server side of each account.
        Assert.Equal(Default("rabbitmq", "RABBITMQ_DEFAULT_USER"), options.Transport.Broker.User);
        Assert.Equal(Default("rabbitmq", "RABBITMQ_DEFAULT_PASS"), options.Transport.Broker.Password);
        Assert.Equal(Default("minio", "MINIO_ROOT_USER"), options.Blobs.S3.AccessKey);
        Assert.Equal(Default("minio", "MINIO_ROOT_PASSWORD"), options.Blobs.S3.SecretKey);
        Assert.EndsWith("/" + options.Blobs.S3.Bucket, Compose.Items("services", "minio-bucket", "entrypoint").Last().ToString(), StringComparison.Ordinal);
        if (name == "gateway")
        {
            var store = new Npgsql.NpgsqlConnectionStringBuilder(options.Store.Postgresql);
            Assert.Equal(
                ("postgres", Default("postgres", "POSTGRES_USER"), Default("postgres", "POSTGRES_DB"), Default("postgres", "POSTGRES_PASSWORD")),
                (store.Host!, store.Username!, store.Database!, store.Password!));
        }
    }

    [Theory]
    [MemberData(nameof(OwnServices))]
    public void Service_CanBeScaledAndIsConfined(string name)
    {
        var service = Compose.At("services", name);
        var dockerfile = File.ReadAllText(Path.Combine(Root, service.Text("build", "dockerfile")));

        Assert.True(Directory.Exists(Path.Combine(Root, "services", service.Text("build", "args", "SERVICE"))), $"{name} cannot be built");
        Assert.Null(service.At("container_name"));
        Assert.Null(service.At("hostname"));
        Assert.All(service.Items("ports"), port => Assert.Matches(@"^\d+-\d+:8080$", Settings.Default(port.ToString())));
        Assert.Equal("8080", Assert.Single(service.Items("expose")).ToString());
        Assert.Contains("EXPOSE 8080", dockerfile, StringComparison.Ordinal);
        Assert.True(service.At("build", "target") is not { } target || dockerfile.Contains($" AS {target}\n", StringComparison.Ordinal));
        Assert.Equal(("true", "[ ALL ]"), (service.Text("read_only"), service.Text("cap_drop")));
    }

    [Fact]
    public void Dependencies_ExistAndCanBecomeHealthy()
    {
        foreach (var (name, service) in Compose.Fields("services"))
        {
            foreach (var (needed, how) in service.Fields("depends_on"))
            {
                var other = Compose.At("services", needed);
                Assert.True(other is not null, $"{name} needs {needed}, which does not exist");
                Assert.True(how.Text("condition") != "service_healthy" || other.At("healthcheck", "test") is not null, $"{needed} has no health check");
            }

            Assert.All(
                service.Items("volumes"), volume => Assert.Contains(volume.ToString().Split(':')[0], Compose.Fields("volumes").Select(known => known.Key)));
        }
    }

    private static string Default(string service, string variable) => Settings.Default(Compose.Text("services", service, "environment", variable));

    private static int Seconds(string duration) => int.Parse(duration.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);
}
