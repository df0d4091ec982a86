using System.Diagnostics;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Metrics, traces and logs of real requests.</summary>
public abstract class TelemetryScenarios(TestTransport transport) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Scrape_AfterRequests_CountsThemAndIsStrictlyReadable()
    {
        // Other tests share the process and its counters. A unique expert name separates this test's series.
        var (says, declines) = ($"says-{Guid.NewGuid():n}", $"declines-{Guid.NewGuid():n}");
        await using var host = await StartAsync(
            ScriptedExpert.Answers(says, Modality.Text, 0.8, 0.1, 0.1),
            ScriptedExpert.Declines(declines, Modality.Image, DeclineReason.OutOfMemory));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await host.Http.PostAsync("zero", image: SampleMedia.Png(100))).Status);
        }

        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        Assert.Equal(404, (await host.Http.ReadAsync($"v1/requests/{Guid.NewGuid()}")).Status);

        var (type, classic) = await ScrapeAsync(host, "*/*");
        var (openType, open) = await ScrapeAsync(host, "application/openmetrics-text; version=1.0.0");

        Assert.Equal(("text/plain; version=0.0.4; charset=utf-8", "application/openmetrics-text; version=1.0.0; charset=utf-8"), (type, openType));
        var read = Exposition.Read(classic);
        Exposition.Read(open, isOpenMetrics: true);
        Assert.Equal(4, read.Sum("multimodal_gate_choices_total", $"expert=\"{says}\"", "decision=\"chosen\""));
        Assert.Equal(4, read.Sum("multimodal_expert_states_total", $"expert=\"{says}\"", "state=\"answered\""));
        Assert.Equal(3, read.Sum("multimodal_expert_states_total", $"expert=\"{declines}\"", "reason=\"out-of-memory\""));
        Assert.Equal(1, read.Sum("multimodal_expert_states_total", $"expert=\"{declines}\"", "reason=\"absent-modality\""));
        Assert.Equal(4, read.Sum("multimodal_fusion_share_count", $"expert=\"{says}\""));
        Assert.InRange(read.Sum("multimodal_requests_answered_total", "status=\"partial\""), 3, double.MaxValue);
        Assert.InRange(read.Sum("multimodal_requests_refused_total", "code=\"request-not-found\"", "operation=\"GetRequest\"", "status=\"404\""), 1, double.MaxValue);
        Assert.InRange(read.Sum("multimodal_blobs_transferred_bytes_total", "direction=\"written\""), 0, double.MaxValue);
        Assert.InRange(read.Sum("http_server_request_duration_seconds_count"), 5, double.MaxValue);
        Assert.Equal((1, 0, 1), (read["multimodal_service_ready"], read["multimodal_requests_in_flight"], read.Sum("multimodal_service_info", "roles=\"all-in-one\"")));
        Assert.Equal(transport.IsShared, read.Series.Contains("multimodal_broker_connected"));
        Assert.Empty(read.Types.Keys.Where(name => name.StartsWith("multimodal", StringComparison.Ordinal)).Except(MetricsPage.Names().Keys));
    }

    [Fact]
    public async Task Scrape_AfterFeedback_CountsItAndShowsTrust()
    {
        var wrong = $"wrong-{Guid.NewGuid():n}";
        var ensemble = new ScriptedEnsemble(
            [ScriptedExpert.Answers(wrong, Modality.Text, 0.8, 0.1, 0.1)],
            online: new EnsembleTrust("fixed-share", "log", Share: 0.02, Rate: 1));
        await using var host = await PipelineHost.StartAsync(_folder.Path, ensemble, [.. await transport.SettingsAsync()]);
        var reply = await host.Http.PostAsync("zero");
        var before = Exposition.Read((await ScrapeAsync(host, "*/*")).Text);
        for (var i = 0; i < 2; i++)
        {
            await host.Http.FeedbackAsync(reply.Id, new { label = "1" });
        }

        var after = Exposition.Read((await ScrapeAsync(host, "*/*")).Text);

        // Other tests may send feedback in this process meanwhile.
        Assert.Equal(1, before.Sum("multimodal_expert_trust", $"expert=\"{wrong}\""));
        Assert.InRange(after.Sum("multimodal_expert_trust", $"expert=\"{wrong}\""), 0.3, 0.4);
        foreach (var outcome in new[] { "learned", "repeated" })
        {
            Assert.InRange(after.Sum("multimodal_feedbacks_total", $"outcome=\"{outcome}\""), 1, double.MaxValue);
        }
    }

    [Fact]
    public async Task Trace_OneRequest_IsConnectedFromTheCallToTheStoredResult()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.7, 0.2, 0.1));
        using var trace = new CollectedTrace();

        var reply = await trace.PostAsync(host.Http, "zero");
        var spans = await trace.SpansAsync(15, Timeout);

        Assert.Equal(200, reply);
        var byId = spans.ToDictionary(span => span.SpanId);
        string Parent(Activity span) => byId.TryGetValue(span.ParentSpanId, out var parent) ? Name(parent) : span.ParentSpanId == trace.Caller ? "client" : "unknown";
        Assert.Equal(
            [
                ("http", "client"), ("multimodal.accept", "http"), ("multimodal.ask", "multimodal.fuse"), ("multimodal.ask", "multimodal.fuse"),
                ("multimodal.combine", "multimodal.fuse"), ("multimodal.fuse", "multimodal.send"), ("multimodal.judge", "multimodal.ask"),
                ("multimodal.judge", "multimodal.ask"), ("multimodal.publish", "multimodal.fuse"), ("multimodal.record", "multimodal.publish"),
                ("multimodal.reply", "multimodal.judge"), ("multimodal.reply", "multimodal.judge"), ("multimodal.send", "multimodal.accept"),
                ("multimodal.store", "multimodal.accept"), ("multimodal.store", "multimodal.record"),
            ],
            spans.Select(span => (Name(span), Parent(span))).Order());
        var judge = spans.First(span => Name(span) == "multimodal.judge");
        Assert.Equal((2.0, 1), (judge.GetTagItem("multimodal.inference_ms"), judge.GetTagItem("multimodal.batch_size")));
        Assert.Single(spans.Select(span => span.GetTagItem("multimodal.request")).Where(request => request is not null).Distinct());
    }

    [Fact]
    public async Task Trace_RequestThatIsNotSampled_StaysUnsampledInEveryHop()
    {
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));
        using var trace = new CollectedTrace(isSampled: false);

        await trace.PostAsync(host.Http, "zero");
        var spans = await trace.SpansAsync(12, Timeout);

        // These spans only propagate the sampling decision.
        Assert.All(spans, span => Assert.False(span.Recorded));
        Assert.Superset(new HashSet<string> { "multimodal.fuse", "multimodal.judge", "multimodal.record" }, spans.Select(Name).ToHashSet());
    }

    private static string Name(Activity span) => span.Source.Name == "Microsoft.AspNetCore" ? "http" : span.OperationName;

    private static async Task<(string? Type, string Text)> ScrapeAsync(PipelineHost host, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("metrics", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await host.Http.SendAsync(request);
        return (response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
    }

    private async Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) =>
        await PipelineHost.StartAsync(_folder.Path, experts, [.. await transport.SettingsAsync()]);
}
