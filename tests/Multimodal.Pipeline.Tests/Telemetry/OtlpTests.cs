using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Export to a collector that speaks OTLP over HTTP.</summary>
public sealed class OtlpTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_Configured_SendsTracesMetricsAndLogs()
    {
        await using var collector = await Collector.StartAsync();
        await using (var host = await StartAsync(collector.Address))
        {
            Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        }

        // The stop flushed.
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Received.Keys.Order());
        Assert.All(collector.Types.Values, type => Assert.Equal("application/x-protobuf", type));
        Assert.Equal("secret", collector.Header);
        Assert.All(
            new[] { "multimodal.accept", "multimodal.fuse", "multimodal.judge", "multimodal.record", "service.name", "all-in-one" },
            text => Assert.Contains(text, collector.Received["/v1/traces"], StringComparison.Ordinal));
        Assert.All(
            new[] { "multimodal.requests.accepted", "multimodal.expert.states", "multimodal.request.duration" },
            text => Assert.Contains(text, collector.Received["/v1/metrics"], StringComparison.Ordinal));
        Assert.Contains("RequestId", collector.Received["/v1/logs"], StringComparison.Ordinal);
        Assert.DoesNotContain("a secret payload", collector.Received["/v1/logs"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_CollectorAway_HarmsNothing()
    {
        await using var host = await StartAsync("http://127.0.0.1:1");

        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
    }

    private Task<PipelineHost> StartAsync(string collector) => PipelineHost.StartAsync(
        _folder.Path,
        [ScriptedExpert.Says("a", Modality.Text, 0.8, 0.1, 0.1)],
        ("Multimodal:Telemetry:Otlp:Endpoint", collector),
        ("Multimodal:Telemetry:Otlp:Protocol", "http/protobuf"),
        ("Multimodal:Telemetry:Otlp:Headers", "authorization=secret"),
        ("Multimodal:Telemetry:Otlp:Logs", "true"));

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, string> _received = new();

        public string Address => app.Urls.First();

        /// <summary>All bodies of a path, as Latin-1, in which the strings of Protobuf can be read.</summary>
        public IReadOnlyDictionary<string, string> Received => _received;

        public ConcurrentDictionary<string, string?> Types { get; } = new();

        public string? Header { get; private set; }

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/v1/{signal}", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                collector._received.AddOrUpdate(request.Path, _ => Encoding.Latin1.GetString(body.ToArray()), (_, text) => text + Encoding.Latin1.GetString(body.ToArray()));
                collector.Types[request.Path] = request.ContentType;
                collector.Header = request.Headers.Authorization;
                return Microsoft.AspNetCore.Http.Results.Bytes([], "application/x-protobuf");
            });
            await app.StartAsync();
            return collector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
