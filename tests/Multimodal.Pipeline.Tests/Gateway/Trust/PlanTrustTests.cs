using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>The effect of trust on a plan.</summary>
public sealed class PlanTrustTests
{
    private static readonly EnsembleTrust Online = new("fixed-share", "log", Explore: 0.25, Share: 0.02, Rate: 1);
    private static readonly Ensemble Ensemble = new ScriptedEnsemble(
        [
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.8, 0.1, 0.1),
            ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1),
        ],
        [0.4, 0, 0.3],
        Online).Create();

    [Fact]
    public void Plan_FullTrust_IsBitForBitThePlanWithoutTrust()
    {
        var plain = Plan(null);
        var trusting = Plan(new CachedTrust(new StoredTrust(7, TrustStore.Start(Ensemble)), Online).For(Guid.Empty));

        Assert.Equal(plain.Experts, trusting.Experts.Select(expert => expert with { Trust = null }));
        Assert.All(trusting.Experts, expert => Assert.Equal(1.0, expert.Trust));
        Assert.Equal((7, false), (trusting.Online!.Revision, trusting.Online.Explores));
        Assert.All(trusting.Online.Weights.Values, weight => Assert.Equal(0.5, weight));
    }

    [Theory]
    [InlineData("soft")]
    [InlineData("waves")]
    public void Plan_OneDoubted_WeighsTrustTimesTheGateRenormalised(string strategy)
    {
        var plain = Plan(null, strategy);
        var doubting = Plan(new PlanTrust(Doubting(), Explores: false), strategy);

        var trust = doubting.Experts.Single(expert => expert.Name == "a").Trust!.Value;
        Assert.InRange(trust, ExpertTrust.MinTrust, 0.05);
        var sum = plain.Experts.Sum(expert => expert.Weight * (expert.Name == "a" ? trust : 1));
        Assert.All(doubting.Experts, expert => Assert.Equal(
            plain.Experts.Single(other => other.Name == expert.Name).Weight * expert.Trust!.Value / sum, expert.Weight, 12));
    }

    [Fact]
    public void Plan_OneDoubted_IsAskedAfterItsSiblingUnlessThePlanExplores()
    {
        Assert.Equal("a", Plan(null, "waves").Experts[0].Name);
        Assert.Equal("a", Plan(new PlanTrust(Doubting(), Explores: true), "waves").Experts[0].Name);
        var doubting = Plan(new PlanTrust(Doubting(), Explores: false), "waves");
        Assert.True(doubting.Experts.Single(expert => expert.Name == "a").Wave > doubting.Experts.Single(expert => expert.Name == "b").Wave);
    }

    [Fact]
    public void For_DoubtAndManyRequests_ExploresItsShareAndAlwaysTheSame()
    {
        var doubting = Doubting();
        var ids = Enumerable.Range(0, 4000).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray();

        Assert.InRange(ids.Count(id => doubting.For(id).Explores) / 4000.0, 0.22, 0.28);
        Assert.All(ids.Take(100), id => Assert.Equal(doubting.For(id).Explores, doubting.For(id).Explores));
        var trusting = new CachedTrust(new StoredTrust(0, TrustStore.Start(Ensemble)), Online);
        Assert.All(ids, id => Assert.False(trusting.For(id).Explores));
    }

    private static CachedTrust Doubting()
    {
        var state = TrustStore.Start(Ensemble);
        for (var n = 0; n < 20; n++)
        {
            state = ExpertTrust.Update(
                state,
                new Dictionary<string, double> { ["a"] = ExpertTrust.WeightOf(state, "a") },
                new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.2, -2.5, -2.5] },
                1);
        }

        return new CachedTrust(new StoredTrust(20, state), Online);
    }

    private static ExecutionPlan Plan(PlanTrust? trust, string strategy = "soft") => new Planner(TimeProvider.System).Plan(
        Ensemble,
        new PlanInput(
            Guid.Empty,
            new MultimodalRequestOptions { Strategy = strategy },
            new HashSet<Modality> { Modality.Text, Modality.Image },
            new float[RequestFeatures.Names.Count],
            0,
            TimeSpan.FromSeconds(5)),
        [.. Ensemble.Gate.Experts.Select(_ => ExpertLoad.Idle)],
        trust);
}
