using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Online;

public sealed class OnlineLearnerTests
{
    private static readonly string[] Experts = ["a", "b", "c"];

    [Fact]
    public void Hedge_LogLoss_IsBayesRule()
    {
        var hedge = OnlineLearners.Table["hedge"];
        var stream = Stream(1, 30);
        var state = Learn(hedge, hedge.Start(Experts, "log"), stream);
        double[] posterior = [.. Experts.Select((_, e) => stream.Sum(s => s.Opinions[e][s.Truth]))];
        LogSpace.Softmax(posterior, posterior);
        LogSpaceTests.AssertClose(posterior, hedge.Weights(state, [1, 1, 1]), 1e-12);
    }

    /// <summary>sum_t -ln P_t(y_t) is at most ln N above the best expert's, whatever the stream (Vovk 1990).</summary>
    [Fact]
    public void Hedge_LogLoss_RegretIsAtMostLogN()
    {
        var hedge = OnlineLearners.Table["hedge"];
        for (var seed = 0; seed < 20; seed++)
        {
            var stream = Stream(seed, 50);
            var state = hedge.Start(Experts, "log");
            double loss = 0;
            foreach (var (opinions, truth) in stream)
            {
                var prediction = hedge.Predict(state, [1, 1, 1], opinions);
                loss -= prediction.Answer![truth];
                state = hedge.Update(state, prediction, truth);
            }

            var best = Experts.Select((_, e) => -stream.Sum(s => s.Opinions[e][s.Truth])).Min();
            Assert.True(loss <= best + Math.Log(3) + 1e-9, $"{loss} against {best}");
        }
    }

    [Fact]
    public void FixedShare_OneStep_MatchesTheFormula()
    {
        var learner = OnlineLearners.Table["fixed-share"];
        var state = learner.Start(Experts, "log", new OnlineSettings { Share = 0.3 });
        double[][] opinions = [Logs(0.6, 0.4), Logs(0.1, 0.9), Logs(0.3, 0.7)];
        state = learner.Update(state, learner.Predict(state, [1, 1, 1], opinions), 0);
        LogSpaceTests.AssertClose([0.7 * 0.6 + 0.1, 0.7 * 0.1 + 0.1, 0.7 * 0.3 + 0.1], learner.Weights(state, [1, 1, 1]), 1e-14);
    }

    [Fact]
    public void FixedShare_NoShare_IsHedge()
    {
        var stream = Stream(4, 30);
        var share = OnlineLearners.Table["fixed-share"];
        var hedge = OnlineLearners.Table["hedge"];
        LogSpaceTests.AssertClose(
            hedge.Weights(Learn(hedge, hedge.Start(Experts, "log"), stream), [1, 1, 1]),
            share.Weights(Learn(share, share.Start(Experts, "log", new OnlineSettings { Share = 0 }), stream), [1, 1, 1]), 1e-10);
    }

    /// <summary>A sleeping expert keeps its share; the others divide the rest by Bayes' rule.</summary>
    [Fact]
    public void Hedge_ExpertAsleep_KeepsItsShare()
    {
        var hedge = OnlineLearners.Table["hedge"];
        var state = hedge.Start(Experts, "log");
        var prediction = hedge.Predict(state, [1, 0, 1], [Logs(0.6, 0.4), null, Logs(0.2, 0.8)]);
        Assert.Equal([0.5, 0, 0.5], prediction.Weights);
        LogSpaceTests.AssertClose([0.5, 1.0 / 3, 1.0 / 6], hedge.Weights(hedge.Update(state, prediction, 0), [1, 1, 1]), 1e-14);
    }

    /// <summary>Late feedback in another order, matched by request id, gives the same weights.</summary>
    [Fact]
    public void Hedge_FeedbackLateAndOutOfOrder_GivesTheSameWeights()
    {
        var hedge = OnlineLearners.Table["hedge"];
        var stream = Stream(5, 20);
        var start = hedge.Start(Experts, "log");
        var stored = stream.Index().ToDictionary(
            s => $"request-{s.Index}", s => OnlinePrediction.FromJson(hedge.Predict(start, [1, 1, 1], s.Item.Opinions).ToJson()));
        var state = start;
        foreach (var t in Enumerable.Range(0, stream.Length).OrderBy(t => t * 7 % 20))
        {
            state = hedge.Update(state, stored[$"request-{t}"], stream[t].Truth);
        }

        LogSpaceTests.AssertClose(hedge.Weights(Learn(hedge, start, stream), [1, 1, 1]), hedge.Weights(state, [1, 1, 1]), 1e-12);
        Assert.Equal(20, state.Feedbacks);
    }

    [Fact]
    public void Update_PredictionOfOtherExperts_IsMatchedByName()
    {
        var hedge = OnlineLearners.Table["hedge"];
        var old = hedge.Start(["gone", "b", "a"], "log");
        var prediction = hedge.Predict(old, [1, 1, 1], [Logs(0.9, 0.1), Logs(0.2, 0.8), Logs(0.6, 0.4)]);
        var weights = hedge.Weights(hedge.Update(hedge.Start(Experts, "log"), prediction, 0), [1, 1, 1]);
        Assert.Equal(3, weights[0] / weights[1], 1e-12);
        Assert.Equal(1.0 / 3, weights[2], 1e-12);
    }

    [Fact]
    public void Predict_NaN_CountsAsAsleep()
    {
        var poly = OnlineLearners.Table["ml-poly"];
        var prediction = poly.Predict(poly.Start(Experts, "square"), [1, 1, 1], [[3.0], [double.NaN], [5.0]]);
        Assert.Equal([0.5, 0, 0.5], prediction.Weights);
        Assert.Equal([4.0], prediction.Answer);
    }

    [Fact]
    public void Update_InvalidTruth_Throws()
    {
        var hedge = OnlineLearners.Table["hedge"];
        var state = hedge.Start(Experts, "log");
        var prediction = hedge.Predict(state, [1, 1, 1], [Logs(0.9, 0.1), Logs(0.2, 0.8), Logs(0.6, 0.4)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => hedge.Update(state, prediction, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => hedge.Update(state, prediction, 0.5));
        Assert.Throws<ArgumentException>(() => OnlineLearners.Table["boa"].Update(state, prediction, 0));
    }

    [Fact]
    public void FromJson_SeveralMistakes_ThrowsAndNamesEach()
    {
        var broken = OnlineLearners.Table["ml-poly"].Start(Experts, "log") with
        {
            Loss = "cubic",
            Settings = new OnlineSettings { Share = 1, Rate = 0 },
            Numbers = new Dictionary<string, IReadOnlyList<double>> { ["regret"] = [1, 2] },
        };
        var error = Assert.Throws<FormatException>(() => OnlineState.FromJson(broken.ToJson()));
        Assert.Contains("loss 'cubic' is unknown; it must be one of brier, log, square, zero-one", error.Message, StringComparison.Ordinal);
        Assert.Contains("share must be in [0, 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("rate must be above 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("numbers.regret has 2 numbers; it must have 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("numbers.inverse-rate has 0 numbers; it must have 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_EveryName_IsTheNameOfItsEntry()
    {
        Assert.Equal(["boa", "confusion", "fixed-share", "hedge", "ml-poly", "moe-f"], OnlineLearners.Table.Names);
        Assert.All(OnlineLearners.Table.Names, name => Assert.Equal(name, OnlineLearners.Table[name].Name));
    }

    private static double[] Logs(params double[] probabilities) => [.. probabilities.Select(p => Math.Log(p))];

    private static OnlineState Learn(OnlineLearner learner, OnlineState state, (double[][] Opinions, int Truth)[] stream) =>
        stream.Aggregate(
        state, (now, step) => learner.Update(now, learner.Predict(now, [1, 1, 1], step.Opinions), step.Truth));

    private static (double[][] Opinions, int Truth)[] Stream(int seed, int steps)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, steps).Select(_ => (Experts.Select(_ =>
        {
            var row = RandomStates.Row(random, 3);
            LogSpace.LogSoftmax(row, row);
            return row;
        }).ToArray(), random.Next(3)))];
    }
}
