using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Fusion;

/// <summary>Product, Dempster, stacking and the accuracy-weighted pool against their definitions.</summary>
public sealed class EvidenceTests
{
    private static readonly WeightedOpinion[] Three =
    [
        new("delta", 0.5, [Math.Log(0.7), Math.Log(0.2), Math.Log(0.1)]),
        new("alpha", 0.2, [Math.Log(0.1), Math.Log(0.6), Math.Log(0.3)]),
        new("bravo", 0.3, [Math.Log(0.5), Math.Log(0.25), Math.Log(0.25)]),
    ];

    [Fact]
    public void Product_ThreeOpinions_IsTheNormalisedProduct() =>
        AssertProportional([0.7 * 0.1 * 0.5, 0.2 * 0.6 * 0.25, 0.1 * 0.3 * 0.25], PoolTests.Fuse("product", Three));

    /// <summary>The published rule for two opinions, applied repeatedly: b = (b1 b2 + b1 u2 + b2 u1)/(1 - C), u = u1 u2/(1 - C).</summary>
    [Fact]
    public void Dempster_ThreeOpinions_IsThePublishedRuleAppliedTwice()
    {
        var combined = Masses(Three[0]);
        foreach (var opinion in Three[1..])
        {
            var next = Masses(opinion);
            double conflict = 0;
            for (var k = 0; k < 9; k++)
            {
                conflict += k / 3 == k % 3 ? 0 : combined.B[k / 3] * next.B[k % 3];
            }

            double[] b = [.. combined.B.Zip(next.B, (x, y) => (x * y + x * next.U + y * combined.U) / (1 - conflict))];
            combined = (b, combined.U * next.U / (1 - conflict));
            Assert.Equal(1, combined.B.Sum() + combined.U, 1e-12);
        }

        AssertProportional([.. combined.B.Select(b => b + combined.U / 3)], PoolTests.Fuse("dempster", Three));
    }

    [Fact]
    public void Dempster_UniformOpinion_ChangesNothing()
    {
        WeightedOpinion[] withUniform = [.. Three, new("zulu", 0.9, [Math.Log(1 / 3.0), Math.Log(1 / 3.0), Math.Log(1 / 3.0)])];
        var fused = PoolTests.Fuse("dempster", withUniform);
        LogSpaceTests.AssertClose(PoolTests.Fuse("dempster", Three).LogProbabilities, fused.LogProbabilities, 1e-12);
        Assert.Equal(0, fused.Weights[3], 1e-12);
    }

    [Fact]
    public void Stacking_KnownPowers_IsTheProductOfPowersWithTheMeanForUnknownExperts()
    {
        var state = RandomStates.Combiner(1, "log") with { Powers = [2, 0.5, 7, 0] };
        var fused = FusionRules.Table["stacking"](state).Fuse([Three[0], Three[1], Three[2] with { Expert = "zulu" }], []);
        var mean = 9.5 / 4;
        AssertProportional(
            [0.49 * Math.Sqrt(0.1) * Math.Pow(0.5, mean), 0.04 * Math.Sqrt(0.6) * Math.Pow(0.25,
                mean), 0.01 * Math.Sqrt(0.3) * Math.Pow(0.25, mean)], fused);
        LogSpaceTests.AssertClose([2 / 4.875, 0.5 / 4.875, 2.375 / 4.875], fused.Weights, 1e-12);
    }

    [Fact]
    public void AccuracyWeighted_KnownAccuracies_AreTheWeights()
    {
        var state = RandomStates.Combiner(1, "log") with { Accuracies = [0.9, 0.3, 1, 0.6] };
        var fused = FusionRules.Table["accuracy-weighted"](state).Fuse(Three, []);
        LogSpaceTests.AssertClose([0.5, 1 / 6.0, 1 / 3.0], fused.Weights, 1e-12);
        Assert.Equal(Math.Log(0.5 * 0.7 + 0.1 / 6 + 0.5 / 3), fused.LogProbabilities[0], 1e-12);
    }

    /// <summary>States from before these rules have equal accuracies and powers of 1.</summary>
    [Fact]
    public void Fuse_OlderState_HasEqualAccuraciesAndPowersOfOne()
    {
        var old = RandomStates.Combiner(1, "log") with { Accuracies = null, Powers = null };
        Assert.Equal(PoolTests.Fuse("uniform-linear", Three).LogProbabilities,
            FusionRules.Table["accuracy-weighted"](old).Fuse(Three, []).LogProbabilities);
        Assert.Equal(
            PoolTests.Fuse("product", Three).LogProbabilities, FusionRules.Table["stacking"](old).Fuse(Three, []).LogProbabilities);
    }

    /// <summary>A copy of an expert adds nothing, so both share the power; a random expert gets none.</summary>
    [Fact]
    public void StackingFit_CopyAndRandomExpert_SharePowerAndGetNone()
    {
        var random = new Random(3);
        RecordedExample[] examples = [.. Enumerable.Range(0, 600).Select(_ =>
        {
            var label = random.Next(3);
            double[] Opinion(double strength)
            {
                double[] logits = [.. RandomStates.Row(random, 3).Select((x, k) => x + (k == label ? strength : 0))];
                LogSpace.LogSoftmax(logits, logits);
                return logits;
            }

            var good = Opinion(2);
            return new RecordedExample([1], label, [good, good, Opinion(0)]);
        })];
        var set = new RecordedSet
        {
            Experts = [new("a", "x"), new("copy", "x"), new("random", "x")],
            Features = ["x"],
            Blocks = [new Learning.Data.ModalityBlock("x", 0, 1)],
            LabelCount = 3,
            Examples = examples,
        };
        var powers = StackingObjective.Fit(set, set, new TrainingOptions { LearningRate = 0.02 }, new TrainingRun(new Random(1)));
        Assert.Equal(powers[0], powers[1], 1e-9);
        Assert.InRange(powers[0], 0.5, 1.2); // together about 2, from the likelihood ratio e^2 of the draws
        Assert.InRange(powers[2], 0, 0.3); // initially 1
        Assert.Equal(StackingObjective.Accuracies(set)[0], StackingObjective.Accuracies(set)[1]);
        Assert.InRange(StackingObjective.Accuracies(set)[2], 0.27, 0.4);
    }

    [Fact]
    public void Summary_ConflictMass_IsTheLargestOfPairsWithEnoughWeight()
    {
        var summary = FusionSummary.Of(Three, PoolTests.Fuse("linear", Three));
        var (b, _) = Masses(Three[0]);
        var (c, _) = Masses(Three[1]);
        Assert.Equal(b[0] * c[1] + b[0] * c[2] + b[1] * c[2] + b[1] * c[0] + b[2] * c[0] + b[2] * c[1], summary.ConflictMass, 1e-12);
        Assert.Equal(0, FusionSummary.Of(Three[..1], PoolTests.Fuse("linear", Three[..1])).ConflictMass);
        WeightedOpinion[] withoutWeight = [Three[0], Three[1] with { Weight = 0.01 }];
        Assert.Equal(0, FusionSummary.Of(withoutWeight, PoolTests.Fuse("linear", withoutWeight)).ConflictMass);
    }

    private static (double[] B, double U) Masses(WeightedOpinion opinion)
    {
        double[] p = [.. opinion.LogProbabilities.Select(Math.Exp)];
        return ([.. p.Select(x => x - p.Min())], 3 * p.Min());
    }

    private static void AssertProportional(double[] expected, FusedOpinion actual) => LogSpaceTests.AssertClose(
        [.. expected.Select(x => x / expected.Sum())], [.. actual.LogProbabilities.Select(Math.Exp)], 1e-12);
}
