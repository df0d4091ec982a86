using Dapper;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>The contract of the store of online weights on every database.</summary>
public abstract class TrustStoreScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private static readonly Pipeline.Ensembles.Ensemble Learning = Of("boa", ScriptedExpert.Labels);

    private TrustStore Trust => new(Database, Writer);

    [Fact]
    public async Task Learn_AnsweredRequest_StoresFeedbackAndStateOnce()
    {
        var id = await AnsweredAsync(0.5);

        var first = await Trust.LearnAsync("tenant", id, Learning, "1", Noon);
        var repeat = await Trust.LearnAsync("tenant", id, Learning, "1", Noon);
        var differs = await Trust.LearnAsync("tenant", id, Learning, "2", Noon);

        Assert.Equal(("1", true, 1L), (first.RecordedLabel, first.IsFirst, first.Stored.Revision));
        Assert.Equal((true, false, false), (first.IsLearned, repeat.IsLearned, differs.IsLearned));
        Assert.Equal(("1", false, 1L), (repeat.RecordedLabel, repeat.IsFirst, repeat.Stored.Revision));
        Assert.Equal(("1", false, 1L), (differs.RecordedLabel, differs.IsFirst, differs.Stored.Revision));
        var read = await Trust.ReadAsync("tenant", Learning, default);
        Assert.Equal((1, first.Stored.State.ToJson()), (read.Revision, read.State.ToJson()));
        Assert.Equal(0, (await Trust.ReadAsync("other", Learning, default)).Revision);
        Assert.Equal([("tenant", "digits", "boa", 1L)], await Trust.RevisionsAsync(default));
    }

    [Fact]
    public async Task Learn_ManyAtOnceAndEachTwice_CountsEachOnce()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AnsweredAsync(0.5)));

        await using var otherWriter = new GroupedWriter(Database, 7);
        var other = new TrustStore(Database, otherWriter);
        var learned = await Task.WhenAll(ids.SelectMany(id => new[] { Trust, other }.Select(store => store.LearnAsync("tenant", id, Learning, "1", Noon))));

        Assert.Equal(50, learned.Count(one => one.IsFirst));
        Assert.All(learned, one => Assert.Equal("1", one.RecordedLabel));
        var read = await Trust.ReadAsync("tenant", Learning, default);
        Assert.Equal((50, 50), (read.Revision, read.State.Feedbacks));
    }

    [Fact]
    public async Task Learn_LateFeedback_UsesTheWeightsOfThePlan()
    {
        // Boa's step depends on the combination at the time: it uses the weights in the plan, not the current ones.
        var (early, late) = (await AnsweredAsync(0.5), await AnsweredAsync(0.25));
        var before = (await Trust.LearnAsync("tenant", early, Learning, "1", Noon)).Stored.State;

        var after = (await Trust.LearnAsync("tenant", late, Learning, "1", Noon)).Stored.State;

        var opinions = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.1, -2, -3] };
        Assert.Equal(ExpertTrust.Update(before, new Dictionary<string, double> { ["a"] = 0.25 }, opinions, 1).ToJson(), after.ToJson());
        var now = ExpertTrust.WeightOf(before, "a");
        Assert.NotEqual(ExpertTrust.Update(before, new Dictionary<string, double> { ["a"] = now }, opinions, 1).ToJson(), after.ToJson());
    }

    [Fact]
    public async Task Learn_UnansweredOrForgotten_StoresNothing()
    {
        var (pending, gone) = (Fuse(), await AnsweredAsync(0.5));
        await Store.AddAsync(pending, null, "print");
        await Store.DeleteAnsweredAsync(Noon.AddDays(1));

        Assert.Null((await Trust.LearnAsync("tenant", pending.RequestId, Learning, "1", Noon)).RecordedLabel);
        Assert.Null((await Trust.LearnAsync("tenant", gone, Learning, "1", Noon)).RecordedLabel);
        Assert.Equal(0, (await Trust.ReadAsync("tenant", Learning, default)).State.Feedbacks);
    }

    [Fact]
    public async Task Learn_PlannedBeforeItLearned_OnlyCounts()
    {
        var fuse = Fuse();
        await Store.AddAsync(fuse, null, "print");
        await Store.CompleteAsync(Combined(fuse), "result", Noon);

        var learned = await Trust.LearnAsync("tenant", fuse.RequestId, Learning, "1", Noon);

        Assert.Equal((1, 0.5), (learned.Stored.State.Feedbacks, ExpertTrust.WeightOf(learned.Stored.State, "a")));
    }

    [Theory]
    [InlineData("0", "2", "1")]
    [InlineData("0", "1", "2", "3")]
    public async Task Learn_AnsweredUnderOtherLabels_StoresTheFeedbackAndTeachesNothing(params string[] labels)
    {
        var learned = await Trust.LearnAsync("tenant", await AnsweredAsync(0.5), Of("boa", labels), labels[^1], Noon);

        Assert.Equal((labels[^1], true, false), (learned.RecordedLabel, learned.IsFirst, learned.IsLearned));
        Assert.Equal((0, 0), (learned.Stored.Revision, learned.Stored.State.Feedbacks));
        Assert.Equal(0.5, ExpertTrust.WeightOf(learned.Stored.State, "a"));
    }

    [Fact]
    public async Task Replace_State_HasAHigherRevision()
    {
        await Trust.LearnAsync("tenant", await AnsweredAsync(0.5), Learning, "1", Noon);
        var replaced = await Trust.ReplaceAsync("tenant", Learning, TrustStore.Start(Learning), Noon);

        Assert.Equal((2, 0), (replaced.Revision, replaced.State.Feedbacks));
        Assert.Equal(2, (await Trust.ReadAsync("tenant", Learning, default)).Revision);
    }

    [Fact]
    public async Task Write_SeveralInOneCommit_LockTheirRowsInOneOrder()
    {
        var (atWork, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Writer.RunAsync(async _ =>
        {
            atWork.TrySetResult();
            await go.Task;
            return 0;
        });
        await atWork.Task;

        // All of these share the next commit. The last read uses the same lock in order, so it sees the earlier ones.
        var hedge = Of("hedge", ScriptedExpert.Labels);
        Task[] writes = [Trust.ReplaceAsync("b", Learning, TrustStore.Start(Learning), Noon), Trust.LearnAsync("a", Guid.NewGuid(), hedge, "1", Noon)];
        var read = Writer.RunAsync(
            async transaction => (await transaction.Connection!.QueryAsync<string>("SELECT tenant || ' ' || learner FROM online_weights", transaction: transaction)).Order().ToArray(),
            TrustStore.Locks("a", hedge) + " and later");
        writes = [.. writes, Trust.LearnAsync("a", Guid.NewGuid(), Learning, "1", Noon)];
        go.SetResult();
        await first;
        await Task.WhenAll(writes);

        Assert.Equal(["a boa", "a hedge"], await read);
    }

    private static Pipeline.Ensembles.Ensemble Of(string learner, string[] labels)
    {
        var ensemble = new ScriptedEnsemble(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], online: new EnsembleTrust(learner, "log")).Create();
        return new(ensemble.Package with { Labels = labels }, ensemble.Gate, ensemble.Rules);
    }

    private async Task<Guid> AnsweredAsync(double weight)
    {
        var fuse = Fuse();
        fuse = fuse with
        {
            Plan = fuse.Plan with
            {
                Online = new OnlineWeights { Learner = "boa", Feedbacks = 0, Revision = 0, Explores = false, Weights = new Dictionary<string, double> { ["a"] = weight }, Labels = Learning.LabelsFingerprint },
            },
        };
        await Store.AddAsync(fuse, null, "print");
        await Store.CompleteAsync(
            Combined(fuse) with { Opinions = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.1, -2, -3] } }, "result", Noon);
        return fuse.RequestId;
    }
}
