using Multimodal.Testing;
using Multimodal.Tool.Services;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback to a process that is killed.</summary>
public sealed class TrustKillTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_WhileFeedbackComes_EveryConfirmedOneIsKeptOnceAndRepeatsAreHarmless()
    {
        UntrainedEnsemble.Write(_folder.At("models"), RepositoryFiles.At("models", "digits"), "text-words", "text-numerals");
        var manifest = _folder.At("models", "digits", "ensemble.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).TrimEnd('}', '\n') + """}, "online": { "learner": "fixed-share" } }""");
        await using var service = new ServiceProcess(ServiceProcess.DefaultDll(), _folder.At("data"), TimeProvider.System, _folder.At("models"));
        await service.StartAsync(default);
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add((await service.Http.PostAsync($"seven {i}", options: """{"deadlineMs": 20000}""")).Id);
        }

        var confirmed = 0;
        var halfWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var feedbacks = ids.Select(async id =>
        {
            try
            {
                await service.Http.FeedbackAsync(id, new { label = "7" });
                if (Interlocked.Increment(ref confirmed) == 4)
                {
                    halfWay.SetResult();
                }
            }
            catch (HttpRequestException)
            {
                // The process was killed before it confirmed.
            }
        }).ToArray();
        await halfWay.Task;
        await service.KillAsync(default);
        await Task.WhenAll(feedbacks);
        await service.StartAsync(default);

        var kept = (await service.Http.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32();
        Assert.InRange(kept, confirmed, ids.Count);
        foreach (var id in ids)
        {
            Assert.Equal(204, (await service.Http.FeedbackAsync(id, new { label = "7" })).Status);
        }

        Assert.Equal(ids.Count, (await service.Http.ReadAsync("v1/ensembles/digits/weights")).Json.GetProperty("feedbacks").GetInt32());
    }
}
