using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback of several tenants.</summary>
public sealed class TenantTrustTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Feedback_OfOneTenant_TeachesNothingAboutAnother()
    {
        var ensemble = new ScriptedEnsemble(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], online: new EnsembleTrust("fixed-share"));
        await using var host = await PipelineHost.StartAsync(
            _folder.Path,
            ensemble,
            ("Multimodal:Keys:one:Sha256", ApiKey.Sha256("mm_one")), ("Multimodal:Keys:one:Tenant", "one"),
            ("Multimodal:Keys:two:Sha256", ApiKey.Sha256("mm_two")), ("Multimodal:Keys:two:Tenant", "two"));
        using var one = new HttpClient { BaseAddress = host.Http.BaseAddress };
        using var two = new HttpClient { BaseAddress = host.Http.BaseAddress };
        one.DefaultRequestHeaders.Authorization = new("Bearer", "mm_one");
        two.DefaultRequestHeaders.Authorization = new("Bearer", "mm_two");

        var reply = await one.PostAsync("zero");
        Assert.Equal(404, (await two.FeedbackAsync(reply.Id, new { label = "1" })).Status);
        Assert.Equal(204, (await one.FeedbackAsync(reply.Id, new { label = "1" })).Status);

        Assert.True((await one.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble() < 1);
        Assert.Equal(1.0, (await two.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble());
        Assert.Equal(0, (await two.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32());
        Assert.Equal(401, (await host.Http.ReadAsync("v1/ensembles/digits/weights")).Status);
    }
}
