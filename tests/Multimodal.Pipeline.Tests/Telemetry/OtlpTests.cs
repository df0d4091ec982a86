using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Export to a collector by OTLP over HTTP.</summary>
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

        // Stopping the host flushed the telemetry.
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
    public async Task Export_NoEndpoint_MakesNoProvider()
    {
        await using var host = await PipelineHost.StartAsync(
            _folder.Path,
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)],
            ("Multimodal:Telemetry:Otlp:Logs", "true"));

        Assert.Empty(host.Get<IEnumerable<TracerProvider>>());
        Assert.Empty(host.Get<IEnumerable<MeterProvider>>());
        Assert.Empty(host.Get<IEnumerable<LoggerProvider>>());
    }

    [Theory]
    [InlineData("Traces", "/v1/logs /v1/metrics")]
    [InlineData("Metrics", "/v1/logs /v1/traces")]
    [InlineData("Logs", "/v1/metrics /v1/traces")]
    public async Task Export_OneSignalOff_SendsTheOthers(string off, string expected)
    {
        await using var collector = await Collector.StartAsync();
        await using (var host = await StartAsync(collector.Address, ($"Multimodal:Telemetry:Otlp:{off}", "false")))
        {
            Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        }

        Assert.Equal(expected.Split(' '), collector.Received.Keys.Order());
    }

    [Fact]
    public async Task Export_ShortInterval_SendsMetricsWhileTheProcessRuns()
    {
        await using var collector = await Collector.StartAsync();
        await using var host = await StartAsync(collector.Address, ("Multimodal:Telemetry:Otlp:MetricsSeconds", "0.1"));

        await collector.UntilAsync("/v1/metrics");

        Assert.Contains("all-in-one", collector.Received["/v1/metrics"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_RatioZero_SendsOnlyTracesThatTheClientSamples()
    {
        await using var collector = await Collector.StartAsync();
        await using (var host = await StartAsync(collector.Address, ("Multimodal:Telemetry:Otlp:SampleRatio", "0")))
        {
            Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
            Assert.False(collector.Received.ContainsKey("/v1/traces"));
            host.Http.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        }

        var traces = Encoding.Latin1.GetBytes(collector.Received["/v1/traces"]);
        var ours = Convert.FromHexString("0af7651916cd43dd8448eb211c80319c");
        Assert.True(traces.AsSpan().IndexOf(ours) >= 0);
        Assert.Equal(1, traces.AsSpan().Count("multimodal.accept"u8));
    }

    [Fact]
    public async Task Start_WrongEndpoint_IsReportedAsAnOption()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("ftp://collector", ("Multimodal:Telemetry:Otlp:Traces", "maybe")));

        Assert.Contains(exception.Failures, failure => failure.Contains("must be an http or https address", StringComparison.Ordinal));
        Assert.Contains(exception.Failures, failure => failure.Contains("Otlp:Traces", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_CollectorAway_HarmsNothing()
    {
        await using var host = await StartAsync("http://127.0.0.1:1");

        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
    }

    private Task<PipelineHost> StartAsync(string collector, params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] usual =
        [
            ("Multimodal:Telemetry:Otlp:Endpoint", collector), ("Multimodal:Telemetry:Otlp:Protocol", "http/protobuf"),
            ("Multimodal:Telemetry:Otlp:Headers", "authorization=secret"), ("Multimodal:Telemetry:Otlp:Logs", "true"),
        ];
        return PipelineHost.StartAsync(
            _folder.Path,
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)],
            [.. usual.Where(setting => settings.All(own => own.Key != setting.Key)), .. settings]);
    }

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        // Less than the default export interval of metrics.
        private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
        private readonly ConcurrentDictionary<string, string> _received = new();

        public string Address => app.Urls.First();

        /// <summary>All bodies of a path as Latin-1, in which strings inside Protobuf are readable.</summary>
        public IReadOnlyDictionary<string, string> Received => _received;

        public ConcurrentDictionary<string, string?> Types { get; } = new();

        public string? Header { get; private set; }

        /// <summary>Waits for a request to a path.</summary>
        public async Task UntilAsync(string path)
        {
            var end = TimeProvider.System.GetUtcNow() + Timeout;
            while (!_received.ContainsKey(path))
            {
                Assert.True(TimeProvider.System.GetUtcNow() < end, $"Nothing came on {path} within {Timeout}.");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

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
