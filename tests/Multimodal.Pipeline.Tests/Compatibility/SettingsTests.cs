using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Blobs;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Pipeline.Tests.MassTransitClient;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A settings file with all keys of the previous build, each with a value other than the default.</summary>
[Collection(SharedGroup.Name)]
public sealed class SettingsTests(BrokerFixture broker, DatabaseFixture database) : IAsyncDisposable
{
    private const string Key = "mm_key-of-the-previous-build";

    /// <summary>The tenant of the recorded data folder. The key in the settings file has another tenant.</summary>
    private const string DefaultTenantKey = "mm_key-of-the-default-tenant";

    private static readonly string File = Recorded.At("settings", "appsettings.json");
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly string _connection = database.NewDatabase();
    private readonly S3Server _blobs = new();

    public async ValueTask DisposeAsync()
    {
        await _blobs.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>All sections apply at once. The test overrides only addresses of servers and paths of folders.</summary>
    [Fact]
    public async Task Start_EveryKeySet_TakesUpWhatThePreviousBuildLeft()
    {
        Recorded.Copy(_folder.Path, "store");
        await DataFolderCopy.PrepareAsync(_folder.At("requests.db"), _connection, "http://127.0.0.1:1/hook");
        await _blobs.StartAsync();
        using var api = await ManagementApi.ConnectAsync(broker, _transport);
        await api.AddAccountAsync("service", ".*", ".*", ".*");
        await using var host = await StartAsync(await _transport.SettingsAsync());
        using var client = host.Client(Key);

        var reply = await client.PostAsync("seven", SampleMedia.Png(100), options: """{"strategy": "soft"}""");

        Assert.Equal((200, "7"), (reply.Status, reply.Text("label")));
        Assert.Equal("answered", reply.StateOf("image-light"));
        Assert.Equal($"previous/lab/{Guid.Parse(reply.Id):n}/image", Assert.Single(_blobs.Keys));
        Assert.Equal("unauthorized", (await host.Http.ReadAsync($"v1/requests/{reply.Id}")).Code);
        Assert.Equal("request-not-found", (await client.ReadAsync($"v1/requests/{Guid.Empty}")).Code);
        Assert.Equal(404, (await host.Http.ReadAsync("metrics")).Status);
        using var other = host.Client(DefaultTenantKey);
        var results = JsonSerializer.Deserialize<Dictionary<string, string>>(Recorded.Text("http", "results.json"))!;
        var facts = JsonSerializer.Deserialize<Dictionary<string, string>>(Recorded.Text("http", "facts.json"))!;
        Assert.Equal(results["full"], (await other.ReadAsync($"v1/requests/{facts["full"]}")).Body);
        Assert.Equal("4", (await other.ReadAsync($"v1/requests/{facts["unanswered text"]}", wait: 30)).Text("label"));
        Recorded.Alike("settings", "queues.json", await BrokerDeclarations.DescribeAsync(api));
    }

    [Fact]
    public void Keys_OfThePreviousBuild_AreAllThereWithTheirValues()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(File).Build();
        var options = new StrictOptionsFactory(configuration.GetSection(MultimodalOptions.Section)).Create("");
        var defaults = new MultimodalOptions();
        var leaves = configuration.AsEnumerable().Where(entry => entry.Value is not null).ToArray();

        Assert.All(leaves, leaf =>
        {
            Assert.Equal(Number(leaf.Value), Number(Value(options, leaf.Key)));
            Assert.NotEqual(Number(leaf.Value), Number(Value(defaults, leaf.Key)));
        });

        // As many as docs/configuration.md of that build lists.
        var keys = leaves.Select(leaf => leaf.Key
            .Replace(":shop:", ":<name>:", StringComparison.Ordinal)
            .Replace(":text-pieces:", ":<name>:", StringComparison.Ordinal));
        Recorded.Same("settings", "keys.txt", string.Concat(keys.Order(StringComparer.Ordinal).Select(key => key + "\n")));
    }

    /// <summary>Follows a configuration path through the options, independent of class names.</summary>
    private static string? Value(object options, string path)
    {
        var at = (object?)options;
        foreach (var name in path.Split(':').Skip(1))
        {
            at = at is IDictionary entries
                ? entries[name]
                : at?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.GetValue(at);
        }

        return Convert.ToString(at is TimeSpan time ? time.ToString("c", CultureInfo.InvariantCulture) : at, CultureInfo.InvariantCulture);
    }

    /// <summary>Normalises numbers, times and enum values.</summary>
    private static string? Number(string? value) =>
        decimal.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number.ToString("0.######", CultureInfo.InvariantCulture)
        : TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time.ToString("c", CultureInfo.InvariantCulture)
        : value?.ToLowerInvariant();

    private async Task<PipelineHost> StartAsync(IReadOnlyList<(string Key, string Value)> transport) => await PipelineHost.StartAsync(
        _folder.Path,
        ensembles: null,
        builder =>
        {
            // The settings of the test take precedence.
            var file = new JsonConfigurationSource { Path = File };
            file.ResolveFileProvider();
            builder.Configuration.Sources.Insert(0, file);
            builder.AddMultimodal();
        },
        [
            .. transport.Where(setting => setting.Key.Split(':')[^1] is "Port" or "VirtualHost"),
            ("Multimodal:ModelsFolder", Recorded.At("models")),
            ("Multimodal:Keys:other:Sha256", ApiKey.Sha256(DefaultTenantKey)),
            ("Multimodal:Store:Postgresql", _connection),
            ("Multimodal:Blobs:S3:Endpoint", _blobs.Address),
        ]);
}
