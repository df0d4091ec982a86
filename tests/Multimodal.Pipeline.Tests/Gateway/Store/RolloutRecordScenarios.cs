using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Recorded figures of versions and shadow experts, on every database.</summary>
public abstract class RolloutRecordScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private static readonly double[] Opinion = [-0.1, -2];
    private static readonly string[] Versions = ["4", "3"];

    private int _answered;

    private RolloutRecord Record => new(Database);

    [Fact]
    public async Task Versions_AnswersAndFeedback_AreCountedByVersion()
    {
        Assert.Empty(await Record.VersionsAsync("tenant", "digits", Versions, default));
        await AnswerAsync(new("3", "7", 0.9, Truth: "7"));
        await AnswerAsync(new("3", "7", 0.5, Truth: "1"));
        await AnswerAsync(new("3", "7", 0.7));
        await AnswerAsync(new("4", "2", 0.8, Truth: "2"));
        await AnswerAsync(new("4", "2", 0.8, Truth: "2", Ensemble: "letters"));
        await AnswerAsync(new("4", "2", 0.8, Truth: "2", Combiner: "3"));

        var versions = await Record.VersionsAsync("tenant", "digits", Versions, default);

        Assert.Empty(await Record.VersionsAsync("other", "digits", Versions, default));
        Assert.Equal(["3", "4"], versions.Select(version => version.Version));
        Assert.Equal([(3, 2, 1), (1, 1, 1)], versions.Select(version => (version.Answers, version.Feedbacks, version.Hits)));
        Assert.Equal([0.7, 0.8], versions.Select(version => Math.Round(version.Confidence, 9)));
    }

    [Fact]
    public async Task Shadows_InTimeAndLate_AreComparedWithTheAnswerAndTheTruth()
    {
        Assert.Empty(await Record.ShadowsAsync("tenant", "digits", Versions, default));
        await AnswerAsync(new("3", "7", 0.9, Truth: "7", Shadow: "7"));
        await AnswerAsync(new("3", "7", 0.9, Truth: "1", Shadow: "1"));
        await AnswerAsync(new("3", "7", 0.9, Truth: "7", Shadow: "2"));
        await AnswerAsync(new("3", "7", 0.9, Shadow: "7"));
        var late = await AnswerAsync(new("3", "7", 0.9, Truth: "7"));
        await Store.AddShadowAsync(Late(late, "7"));
        await Store.AddShadowAsync(Late(late, "1"));
        await Store.AddShadowAsync(Late(Fuse(), "1"));

        var shadow = Assert.Single(await Record.ShadowsAsync("tenant", "digits", Versions, default));

        Assert.Equal(
            new ShadowRecord { Expert = "s", Opinions = 5, Late = 1, Agreed = 3, Feedbacks = 4, Hits = 3, AnswerHits = 3, ShadowOnlyHits = 1 }, shadow);
        Assert.Empty(await Record.ShadowsAsync("other", "digits", Versions, default));
        await Store.DeleteAnsweredAsync(Noon.AddHours(1));
        Assert.Empty(await Record.ShadowsAsync("tenant", "digits", Versions, default));
    }

    [Fact]
    public async Task Versions_MoreAnswersThanTheMaximum_CountsTheNewest()
    {
        await AnswerAsync(new("3", "7", 0.1, Truth: "7"));
        await AnswerAsync(new("3", "7", 0.6, Truth: "1", Shadow: "7"));
        await AnswerAsync(new("3", "7", 0.8));
        await AnswerAsync(new("4", "7", 0.5));
        var record = new RolloutRecord(Database, newest: 2);

        var versions = await record.VersionsAsync("tenant", "digits", Versions, default);

        Assert.Equal([(2, 0.7, 1, 0), (1, 0.5, 0, 0)], versions.Select(version => (version.Answers, Math.Round(version.Confidence, 9), version.Feedbacks, version.Hits)));
        Assert.Equal(1, Assert.Single(await record.ShadowsAsync("tenant", "digits", Versions, default)).Opinions);
    }

    [Fact]
    public async Task Complete_Repeat_RecordsNoSecondOpinion()
    {
        var fuse = await AnswerAsync(new("3", "7", 0.9, Shadow: "7"));

        Assert.Equal(Completion.Duplicate, await Store.CompleteAsync(Answer(fuse, new("3", "7", 0.9, Shadow: "1")), "again", Noon));

        Assert.Equal(1, Assert.Single(await Record.ShadowsAsync("tenant", "digits", Versions, default)).Agreed);
    }

    private async Task<Fuse> AnswerAsync(Answered answered)
    {
        var fuse = Fuse() with { RequestId = Guid.CreateVersion7(Noon.AddSeconds(_answered++)), Ensemble = answered.Ensemble };
        await Store.AddAsync(fuse, null, "print");
        Assert.Equal(Completion.Recorded, await Store.CompleteAsync(Answer(fuse, answered), "result", Noon));
        if (answered.Truth is not null)
        {
            await Store.AddFeedbackAsync(fuse.RequestId, answered.Truth, Noon);
        }

        return fuse;
    }

    private static AnswerCombined Answer(Fuse fuse, Answered answered)
    {
        var combined = Combined(fuse);
        return combined with
        {
            Answer = combined.Answer with
            {
                Label = answered.Label,
                Confidence = answered.Confidence,
                Gate = combined.Answer.Gate with { Version = answered.Gate },
                Fusion = combined.Answer.Fusion with { Version = answered.Combiner ?? answered.Gate },
            },
            Shadows = answered.Shadow is null ? [] : [new ShadowOpinion("s", answered.Shadow, Opinion)],
        };
    }

    private static ShadowAnswered Late(Fuse fuse, string label) =>
        new() { RequestId = fuse.RequestId, Ensemble = fuse.Ensemble, Opinion = new ShadowOpinion("s", label, Opinion) };

    private sealed record Answered(
        string Gate, string Label, double Confidence, string? Truth = null, string? Shadow = null, string Ensemble = "digits", string? Combiner = null);
}
