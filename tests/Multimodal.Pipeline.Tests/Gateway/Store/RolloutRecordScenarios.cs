using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Recorded figures of versions and shadow experts, on every database.</summary>
public abstract class RolloutRecordScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private static readonly double[] Opinion = [-0.1, -2];

    private RolloutRecord Record => new(Database);

    [Fact]
    public async Task Versions_AnswersAndFeedback_AreCountedByVersion()
    {
        Assert.Empty(await Record.VersionsAsync("tenant", "digits", default));
        await AnswerAsync("3", "7", 0.9, truth: "7");
        await AnswerAsync("3", "7", 0.5, truth: "1");
        await AnswerAsync("3", "7", 0.7);
        await AnswerAsync("4", "2", 0.8, truth: "2");
        await AnswerAsync("4", "2", 0.8, truth: "2", ensemble: "letters");
        await AnswerAsync("4", "2", 0.8, truth: "2", combiner: "3");

        var versions = await Record.VersionsAsync("tenant", "digits", default);

        Assert.Empty(await Record.VersionsAsync("other", "digits", default));
        Assert.Equal(["3", "4"], versions.Select(version => version.Version));
        Assert.Equal([(3, 2, 1), (1, 1, 1)], versions.Select(version => (version.Answers, version.Feedbacks, version.Hits)));
        Assert.Equal([0.7, 0.8], versions.Select(version => Math.Round(version.Confidence, 9)));
    }

    [Fact]
    public async Task Shadows_InTimeAndLate_AreComparedWithTheAnswerAndTheTruth()
    {
        Assert.Empty(await Record.ShadowsAsync("tenant", "digits", default));
        await AnswerAsync("3", "7", 0.9, truth: "7", shadow: "7");
        await AnswerAsync("3", "7", 0.9, truth: "1", shadow: "1");
        await AnswerAsync("3", "7", 0.9, truth: "7", shadow: "2");
        await AnswerAsync("3", "7", 0.9, shadow: "7");
        var late = await AnswerAsync("3", "7", 0.9, truth: "7");
        await Store.AddShadowAsync(Late(late, "7"));
        await Store.AddShadowAsync(Late(late, "1"));
        await Store.AddShadowAsync(Late(Fuse(), "1"));

        var shadow = Assert.Single(await Record.ShadowsAsync("tenant", "digits", default));

        Assert.Equal(
            new ShadowRecord { Expert = "s", Opinions = 5, Late = 1, Agreed = 3, Feedbacks = 4, Hits = 3, AnswerHits = 3, OnlyIt = 1 }, shadow);
        Assert.Empty(await Record.ShadowsAsync("other", "digits", default));
        await Store.DeleteAnsweredAsync(Noon.AddHours(1));
        Assert.Empty(await Record.ShadowsAsync("tenant", "digits", default));
    }

    [Fact]
    public async Task Complete_Repeat_RecordsNoSecondOpinion()
    {
        var fuse = await AnswerAsync("3", "7", 0.9, shadow: "7");

        Assert.Equal(Completion.Duplicate, await Store.CompleteAsync(Answer(fuse, "3", "3", "7", 0.9, "1"), "again", Noon));

        Assert.Equal(1, Assert.Single(await Record.ShadowsAsync("tenant", "digits", default)).Agreed);
    }

    private async Task<Fuse> AnswerAsync(
        string gate, string label, double confidence, string? truth = null, string? shadow = null, string ensemble = "digits", string? combiner = null)
    {
        var fuse = Fuse() with { Ensemble = ensemble };
        await Store.AddAsync(fuse, null, "print");
        Assert.Equal(Completion.Recorded, await Store.CompleteAsync(Answer(fuse, gate, combiner ?? gate, label, confidence, shadow), "result", Noon));
        if (truth is not null)
        {
            await Store.AddFeedbackAsync(fuse.RequestId, truth, Noon);
        }

        return fuse;
    }

    private static AnswerCombined Answer(Fuse fuse, string gate, string combiner, string label, double confidence, string? shadow)
    {
        var combined = Combined(fuse);
        return combined with
        {
            Answer = combined.Answer with
            {
                Label = label,
                Confidence = confidence,
                Gate = combined.Answer.Gate with { Version = gate },
                Fusion = combined.Answer.Fusion with { Version = combiner },
            },
            Shadows = shadow is null ? [] : [new ShadowOpinion("s", shadow, Opinion)],
        };
    }

    private static ShadowAnswered Late(Fuse fuse, string label) =>
        new() { RequestId = fuse.RequestId, Ensemble = fuse.Ensemble, Opinion = new ShadowOpinion("s", label, Opinion) };
}

/// <summary>SQLite.</summary>
public sealed class RolloutRecordTests() : RolloutRecordScenarios(null);

/// <summary>PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class RolloutRecordTestsOnPostgres(DatabaseFixture database) : RolloutRecordScenarios(database.NewDatabase());
