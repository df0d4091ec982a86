using Multimodal.Learning.Fusion;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Fusion;

public sealed class PoolTests
{
    private static readonly WeightedOpinion[] Two =
    [
        new("b", 0.75, [Math.Log(0.7), Math.Log(0.2), Math.Log(0.1)]),
        new("a", 0.25, [Math.Log(0.1), Math.Log(0.6), Math.Log(0.3)]),
    ];

    [Fact]
    public void Linear_TwoOpinions_MatchesReference()
    {
        var fused = Fuse("linear", Two);
        LogSpaceTests.AssertClose([0.55, 0.3, 0.15], Exp(fused), 1e-15);
        LogSpaceTests.AssertClose([0.525, 0.025], fused.Contributions, 1e-15);
        LogSpaceTests.AssertClose([0.75, 0.25], fused.Weights, 1e-15);
        Assert.Equal(0, fused.Label);
    }

    [Fact]
    public void UniformLinear_TwoOpinions_IgnoresTheGate()
    {
        var fused = Fuse("uniform-linear", Two);
        LogSpaceTests.AssertClose([0.4, 0.4, 0.2], Exp(fused), 1e-15);
        LogSpaceTests.AssertClose([0.5, 0.5], fused.Weights, 0);
    }

    [Fact]
    public void Log_TwoOpinions_MatchesReference()
    {
        double[] unnormalised = [Math.Pow(0.7, 0.75) * Math.Pow(0.1, 0.25), Math.Pow(0.2, 0.75) * Math.Pow(0.6, 0.25), Math.Pow(0.1,
            0.75) * Math.Pow(0.3, 0.25)];
        LogSpaceTests.AssertClose([.. unnormalised.Select(x => x / unnormalised.Sum())], Exp(Fuse("log", Two)), 1e-14);
    }

    [Fact]
    public void UniformLog_TwoOpinions_IsTheGeometricMean()
    {
        double[] unnormalised = [Math.Sqrt(0.07), Math.Sqrt(0.12), Math.Sqrt(0.03)];
        LogSpaceTests.AssertClose([.. unnormalised.Select(x => x / unnormalised.Sum())], Exp(Fuse("uniform-log", Two)), 1e-14);
    }

    [Fact]
    public void Fuse_AllWeightsZero_UsesEqualWeights()
    {
        WeightedOpinion[] withoutWeight = [.. Two.Select(o => o with { Weight = 0 })];
        Assert.Equal([0.5, 0.5], Fuse("linear", withoutWeight).Weights);
    }

    [Fact]
    public void Fuse_NoOpinionOrTheSameTwiceOrOtherLabels_Throws()
    {
        Assert.Throws<ArgumentException>(() => Fuse("linear", []));
        Assert.Throws<ArgumentException>(() => Fuse("linear", [Two[0], Two[0]]));
        Assert.Throws<ArgumentException>(() => Fuse("linear", [Two[0], Two[1] with { LogProbabilities = [0.0] }]));
    }

    [Theory]
    [InlineData(0.9, 0.9, true, true)]
    [InlineData(0.9, 0.7, true, false)] // one is not confident
    [InlineData(0.9, 0.9, false, false)] // they agree
    public void Summary_ConfidentOpinions_ConflictIfTheyDiffer(double first, double second, bool differ, bool conflict)
    {
        WeightedOpinion[] opinions =
        [
            new("a", 0.5, [Math.Log(first), Math.Log(1 - first)]),
            new("b", 0.5, differ ? [Math.Log(1 - second), Math.Log(second)] : [Math.Log(second), Math.Log(1 - second)]),
        ];
        var summary = FusionSummary.Of(opinions, Fuse("linear", opinions));
        var p = differ ? 1 - second : second;
        Assert.Equal(conflict, summary.Conflict);
        Assert.Equal(first * p + (1 - first) * (1 - p), summary.Agreement, 12);
    }

    [Fact]
    public void Summary_OpponentWithLittleWeight_HasNoConflict()
    {
        WeightedOpinion[] opinions = [new("a", 0.95, [Math.Log(0.9), Math.Log(0.1)]), new("b", 0.05, [Math.Log(0.1), Math.Log(0.9)])];
        Assert.False(FusionSummary.Of(opinions, Fuse("linear", opinions)).Conflict);
    }

    [Fact]
    public void Summary_SingleOpinion_HasFullAgreement()
    {
        var summary = FusionSummary.Of(Two[..1], Fuse("linear", Two[..1]));
        Assert.Equal(1, summary.Agreement);
        Assert.Equal(-(0.7 * Math.Log(0.7) + 0.2 * Math.Log(0.2) + 0.1 * Math.Log(0.1)) / Math.Log(3), summary.Entropy, 12);
    }

    internal static FusedOpinion Fuse(string rule, WeightedOpinion[] opinions) => FusionRules.Table[rule](null).Fuse(opinions, []);

    private static double[] Exp(FusedOpinion fused) => [.. fused.LogProbabilities.Select(Math.Exp)];
}
