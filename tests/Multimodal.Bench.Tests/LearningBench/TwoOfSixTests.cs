using Multimodal.Bench.LearningBench;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;

namespace Multimodal.Bench.Tests.LearningBench;

public sealed class TwoOfSixTests
{
    /// <summary>Of four draws, "all" has three right and "two" has one. Each of the two examples loses one of its draws.</summary>
    [Fact]
    public void Loss_TwoDrawsOfEachExample_TakesTheExampleAsTheUnit()
    {
        var set = Answers("++", "+-", "+-", "--");
        var loss = TwoOfSix.Loss(Ask(set, 0), Ask(set, 1), 2);
        Assert.Equal(50, loss.Value, 1e-12);
        Assert.Equal(0, loss.StandardError, 1e-12);
    }

    [Fact]
    public void Loss_OneDrawOfEachExample_HasTheStandardErrorOfPairedDifferences()
    {
        var set = Answers("++", "+-", "+-", "--");
        Assert.Equal(100 * Math.Sqrt(1 / 3.0 / 4), TwoOfSix.Loss(Ask(set, 0), Ask(set, 1), 1).StandardError, 1e-12);
    }

    [Fact]
    public void Chance_EachCorruption_HasItsOwnDraws() => Assert.Equal(
        Corruption.All.Count, Corruption.All.Select(corruption => corruption.Chance(1).Next()).Distinct().Count());

    /// <summary>One example per text: whether the first and the second expert favour the true label.</summary>
    private static RecordedSet Answers(params string[] examples) => new()
    {
        Experts = [new("first", "image"), new("second", "text")],
        Features = ["bias"],
        Blocks = [new("image", 0, 1)],
        LabelCount = 2,
        Examples = [.. examples.Select(example => new RecordedExample([1], 0, [.. example.Select(Opinion)]))],
    };

    private static double[] Opinion(char answer) => answer == '+' ? [Math.Log(0.9), Math.Log(0.1)] : [Math.Log(0.1), Math.Log(0.9)];

    private static Replay Ask(RecordedSet set, int expert) =>
        Replay.Of(set, FusionRules.Table["linear"](null), (_, _, weights) => weights[expert] = 1);
}
