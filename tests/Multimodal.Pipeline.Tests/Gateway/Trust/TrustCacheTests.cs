using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>The gateway's cached online weights when the <c>online</c> section changes.</summary>
public sealed class TrustCacheTests : StoreScenarios
{
    private static readonly EnsembleTrust Boa = new("boa", "log");
    private readonly EnsembleCatalog _ensembles = new();
    private readonly TrustStore _store;
    private readonly TrustCache _cache;

    public TrustCacheTests()
        : base(null)
    {
        _store = new TrustStore(Database, Writer);
        _cache = new TrustCache(_store, _ensembles);
    }

    [Fact]
    public void Of_LearnerHasChanged_StartsAgainAndItsFirstFeedbackActs()
    {
        var boa = Reload(Boa);
        _cache.Update("t", boa, Doubting(boa, 57));
        var hedge = Reload(Boa with { Learner = "hedge" });

        Assert.Equal(("hedge", 0L, 1.0), Read(hedge));
        _cache.Update("t", hedge, Doubting(hedge, 1));
        Assert.Equal(("hedge", 1L), (Read(hedge).Learner, Read(hedge).Revision));
        Assert.Equal(Math.Sqrt(0.3), Read(hedge).Trust, 12);

        // A feedback that was in progress when the file changed.
        _cache.Update("t", boa, Doubting(boa, 58));
        Assert.Equal(("hedge", 1L), (Read(hedge).Learner, Read(hedge).Revision));
        Assert.Equal(("boa", 58L), (Read(Reload(Boa)).Learner, Read(boa).Revision));
    }

    [Fact]
    public void Of_StrengthAndExploreHaveChanged_ActAtOnce()
    {
        var boa = Reload(Boa with { Explore = 0 });
        _cache.Update("t", boa, Doubting(boa, 57));
        var (_, _, trust) = Read(boa);
        Assert.InRange(trust, 0.05, 0.95);
        Assert.False(_cache.Find("t", boa)!.For(Guid.Empty).Explores);

        var sharper = Reload(Boa with { Strength = 2, Explore = 1 });

        Assert.Equal(("boa", 57L), (Read(sharper).Learner, Read(sharper).Revision));
        Assert.Equal(trust * trust, Read(sharper).Trust, 12);
        Assert.True(_cache.Find("t", sharper)!.For(Guid.Empty).Explores);
        Assert.Equal(trust * trust, _cache.MinTrust(sharper, "a"), 12);
    }

    [Fact]
    public void MinTrust_OtherLearnerNow_IsThatLearners()
    {
        var boa = Reload(Boa);
        _cache.Update("t", boa, Doubting(boa, 57));
        Assert.True(_cache.MinTrust(boa, "a") < 1);
        Assert.Equal(1, _cache.MinTrust(Reload(Boa with { Learner = "hedge" }), "a"));
    }

    [Fact]
    public async Task Of_LossHasChangedAndIsChangedBack_StartsAgainAndThenReadsTheStoredState()
    {
        var log = Reload(Boa);
        _cache.Update("t", log, await _store.ReplaceAsync("t", log, Doubting(log, 0).State, Noon));
        var trust = Read(log).Trust;
        var brier = Reload(Boa with { Loss = "brier" });

        Assert.Equal(1.0, Read(brier).Trust);
        Assert.Equal("brier", _cache.Find("t", brier)!.Stored.State.Loss);
        Reload(Boa);
        await _cache.RefreshAsync(default);

        Assert.Equal(("boa", 1L, trust), Read(log));
    }

    private (string Learner, long Revision, double Trust) Read(Ensemble ensemble)
    {
        var known = _cache.Find("t", ensemble)!;
        return (known.Stored.State.Learner, known.Stored.Revision, known.TrustOf("a"));
    }

    /// <summary>Reloads the ensemble like the watcher.</summary>
    private Ensemble Reload(EnsembleTrust online)
    {
        var ensemble = new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], online: online).Create();
        _ensembles.Fill([ensemble]);
        return ensemble;
    }

    private static StoredTrust Doubting(Ensemble ensemble, long revision) => new(
        revision,
        ExpertTrust.Update(
            TrustStore.Start(ensemble),
            new Dictionary<string, double> { ["a"] = 0.5 },
            new Dictionary<string, IReadOnlyList<double>> { ["a"] = [Math.Log(0.8), Math.Log(0.1), Math.Log(0.1)] },
            1));
}
