using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Online;

public sealed class ConfusionTests
{
    private static readonly OnlineLearner Confusion = OnlineLearners.Table["confusion"];

    private static readonly int[] Truths = [0, 1, 1, 0, 1, 1, 0, 1, 2, 0, 1, 1, 0];

    private static readonly int[][] Calls =
    [
        [1, 2, 2, 1, 2, 2, 1, 2, 0, 1, 2, 2, 1], [0, 2, 1, 1, 1, 2, 0, 2, 2, 1, 1, 2, 0], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0],
    ];

    /// <summary>
    /// Expected values from NumPy: counts + 1 over their sum, powers 0, 1, 1/2, ..., 1/128, mixed by their likelihood so far.
    /// </summary>
    [Fact]
    public void Predict_AfterSomeFeedback_MatchesReference()
    {
        var answers = Answers(Confusion.Start(["a", "b", "c"], "log"), Calls, Truths);
        LogSpaceTests.AssertClose([-1.5133324652510052, -0.4136592872816952, -2.1320091590715284], [.. answers[5]], 1e-12);
        LogSpaceTests.AssertClose([-0.06358902725075115, -3.6948011570225168, -3.3034257286153808], [.. answers[^1]], 1e-12);
    }

    [Fact]
    public void Predict_ExpertConfusesLabelsConsistently_AnswersAreCorrect()
    {
        int[] truths = [.. Enumerable.Range(0, 60).Select(t => t * t % 7 % 3)];
        int[][] calls = [[.. truths.Select(y => (y + 1) % 3)]];
        var answers = Answers(Confusion.Start(["a"], "log"), calls, truths);
        Assert.All(answers[30..].Zip(truths[30..]), pair => Assert.Equal(pair.Second, Distribution.ArgMax([.. pair.First])));
    }

    /// <summary>Eight copies of an expert count hardly more than one, because the powers learn that they are dependent.</summary>
    [Fact]
    public void Predict_ManyCopiesOfOneExpert_LossHardlyChanges()
    {
        var random = new Random(5);
        int[] truths = [.. Enumerable.Range(0, 400).Select(_ => random.Next(3))];
        int[] call = [.. truths.Select(y => random.NextDouble() < 0.5 ? y : random.Next(3))];
        double Loss(int copies) => Answers(
            Confusion.Start(
                [.. Enumerable.Range(0, copies).Select(e => $"expert-{e}")], "log"), [.. Enumerable.Repeat(call, copies)], truths)
            .Zip(truths, (answer, y) => -answer[y]).Average();
        Assert.InRange(Loss(8), Loss(1) - 0.02, Loss(1) + 0.02);
    }

    [Fact]
    public void Update_ExpertAsleep_KeepsItsCounts()
    {
        var state = Confusion.Start(["a", "b"], "log");
        state = Confusion.Update(state, Confusion.Predict(state, [1, 0], [Sure(1), Sure(2)]), 0);
        Assert.Equal(1, state.Numbers["calls"][1]);
        Assert.Equal(1, state.Numbers["calls"].Sum());
    }

    [Fact]
    public void Predict_OrderOfExperts_SameAnswer()
    {
        var one = Answers(Confusion.Start(["a", "b", "c"], "log"), Calls, Truths)[^1];
        var other = Answers(Confusion.Start(["c", "a", "b"], "log"), [Calls[2], Calls[0], Calls[1]], Truths)[^1];
        LogSpaceTests.AssertClose([.. one], [.. other], 1e-12);
    }

    [Fact]
    public void Start_SquareLoss_Throws() =>
        Assert.Contains(
            "labels", Assert.Throws<ArgumentException>(() => Confusion.Start(["a"], "square")).Message, StringComparison.Ordinal);

    [Fact]
    public void Predict_OtherNumberOfLabels_Throws()
    {
        var state = Confusion.Start(["a"], "log");
        state = Confusion.Update(state, Confusion.Predict(state, [1], [Sure(1)]), 0);
        Assert.Throws<ArgumentException>(() => Confusion.Predict(state, [1], [[0, -1, -1, -1]]));
    }

    [Fact]
    public void FromJson_CountsOfAnotherLabelCount_Throws()
    {
        var state = Confusion.Start(["a"], "log");
        state = Confusion.Update(state, Confusion.Predict(state, [1], [Sure(1)]), 0);
        var json = (state with { Numbers = new Dictionary<string, IReadOnlyList<double>>(state.Numbers) { ["calls"] = [1, 2] } }).ToJson();
        Assert.Contains("calls", Assert.Throws<FormatException>(() => OnlineState.FromJson(json)).Message, StringComparison.Ordinal);
    }

    // The answer to each request, before its feedback.
    private static IReadOnlyList<double>[] Answers(OnlineState state, int[][] calls, int[] truths)
    {
        var answers = new IReadOnlyList<double>[truths.Length];
        for (var t = 0; t < truths.Length; t++)
        {
            var prediction = Confusion.Predict(state, [.. calls.Select(_ => 1.0)], [.. calls.Select(call => Sure(call[t]))]);
            answers[t] = prediction.Answer!;
            state = Confusion.Update(state, prediction, truths[t]);
        }

        return answers;
    }

    private static double[] Sure(int call) => [.. Enumerable.Range(0, 3).Select(k => Math.Log(k == call ? 0.5 : 0.25))];
}
