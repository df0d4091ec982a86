using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Laws;

/// <summary>Properties of every online learner with every loss, for any history.</summary>
public sealed class OnlineLaws
{
    private const int Steps = 60;

    private static readonly string[] Experts = ["delta", "alpha", "charlie", "bravo"];

    public static TheoryData<string, string> Learners
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var learner in OnlineLearners.Table.Names)
            {
                foreach (var loss in OnlineLosses.Names)
                {
                    if (OnlineLearners.Table[learner].PoolsOpinions || loss != "square")
                    {
                        all.Add(learner, loss);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_AnyHistory_WeightsSumToOneAndAreZeroForSleepingExperts(string learner, string loss)
    {
        foreach (var (step, made) in Run(learner, loss, Stream(loss, 1)).Predictions)
        {
            Assert.Equal(1, made.Weights.Sum(), 1e-12);
            Assert.All(made.Weights, weight => Assert.InRange(weight, 0, 1));
            var anyAwake = step.Awake.Any(a => a > 0);
            Assert.All(made.Weights.Zip(step.Awake), pair => Assert.True(!anyAwake || pair.Second > 0 || pair.First == 0));
            Assert.True(anyAwake || made.Weights.All(weight => weight == 0.25), "equal weights if no expert is awake");
            Assert.Equal(anyAwake, made.Answer is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_Truth_AffectsOnlyLaterPredictions(string learner, string loss)
    {
        var stream = Stream(loss, 2);
        const int Changed = Steps / 2;
        Step[] other = [.. stream.Select(
            (s, t) => t < Changed ? s : s with { Truth = loss == "square" ? s.Truth - 9 : (s.Truth + 1) % 3 })];
        string[] first = [.. Run(learner, loss, stream).Predictions.Select(p => p.Made.ToJson())];
        string[] second = [.. Run(learner, loss, other).Predictions.Select(p => p.Made.ToJson())];
        Assert.Equal(first[..(Changed + 1)], second[..(Changed + 1)]);
        Assert.NotEqual(first[(Changed + 1)..], second[(Changed + 1)..]);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_SameHistory_SameBits(string learner, string loss) => Assert.Equal(
        Run(learner, loss, Stream(loss, 3)).State.ToJson(), Run(learner, loss, Stream(loss, 3)).State.ToJson());

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_SaveAndLoadHalfWay_SameBits(string learner, string loss)
    {
        var stream = Stream(loss, 4);
        var half = Run(learner, loss, stream[..(Steps / 2)]).State;
        var loaded = OnlineState.FromJson(half.ToJson());
        Assert.Equal(half.ToJson(), loaded.ToJson());
        Assert.Equal(
            Run(learner, loss, stream[(Steps / 2)..], half).State.ToJson(), Run(learner, loss, stream[(Steps / 2)..],
                loaded).State.ToJson());
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_Inputs_AreNotModified(string learner, string loss)
    {
        var online = OnlineLearners.Table[learner];
        var state = Run(learner, loss, Stream(loss, 5)).State;
        var before = state.ToJson();
        var step = Stream(loss, 6)[0];
        double[]?[] opinions = [.. step.Opinions.Select(o => o?.ToArray())];
        var made = online.Predict(state, step.Awake, step.Opinions);
        var recorded = made.ToJson();
        online.Update(state, made, step.Truth);
        Assert.Equal(before, state.ToJson());
        Assert.Equal(recorded, made.ToJson());
        Assert.Equal(opinions, step.Opinions);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_OrderOfExperts_PermutesTheWeights(string learner, string loss)
    {
        int[] order = [2, 0, 3, 1];
        var stream = Stream(loss, 7);
        Step[] permuted = [.. stream.Select(
            s => s with { Awake = [.. order.Select(e => s.Awake[e])], Opinions = [.. order.Select(e => s.Opinions[e])] })];
        var weights = OnlineLearners.Table[learner].Weights(Run(learner, loss, stream).State, [1, 1, 1, 1]);
        var other = Run(learner, loss, permuted, OnlineLearners.Table[learner].Start([.. order.Select(e => Experts[e])], loss)).State;
        LogSpaceTests.AssertClose([.. order.Select(e => weights[e])], OnlineLearners.Table[learner].Weights(other, [1, 1, 1, 1]), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_ExtremeOpinions_StaysFinite(string learner, string loss)
    {
        double[] extremes = [0, -1e308, 1e308, double.NegativeInfinity, double.PositiveInfinity, double.NaN, -745, 1e-300];
        var random = new Random(8);
        Step[] stream = [.. Enumerable.Range(0, 200).Select(_ => new Step(
            [1, 1, random.NextDouble(), 0.5],
            [.. Experts.Select(_ => Enumerable.Range(0, loss == "square" ? 1 : 3).Select(_ =>
                loss == "square" ? 1e100 * extremes[random.Next(3) == 0 ? 5 : 0] + 1e9 * random.NextDouble() : extremes[random.Next(extremes.Length)]).ToArray())],
            random.Next(3)))];
        var state = Run(learner, loss, stream).State;
        Assert.Empty(state.Problems());
        Assert.Equal(1, OnlineLearners.Table[learner].Weights(state, [1, 1, 1, 1]).Sum(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_BestExpertChanges_LargestWeightFollows(string learner, string loss)
    {
        // Expert 1 is correct for 150 steps, then expert 2; the other opinions are useless.
        Step[] stream = [.. Enumerable.Range(0, 300).Select(t => Clear(loss, t, best: t < 150 ? 1 : 2))];
        var online = OnlineLearners.Table[learner];
        var middle = online.Weights(Run(learner, loss, stream[..150]).State, [1, 1, 1, 1]);
        Assert.Equal(1, Distribution.ArgMax(middle));
        // Only the two learners for a changing best expert have followed by now.
        var end = online.Weights(Run(learner, loss, stream[..200]).State, [1, 1, 1, 1]);
        Assert.True(learner is not ("fixed-share" or "moe-f") || Distribution.ArgMax(end) == 2, string.Join(" ", end));
    }

    private static (IReadOnlyList<(Step Step, OnlinePrediction Made)> Predictions, OnlineState State) Run(
        string learner, string loss, Step[] stream, OnlineState? start = null)
    {
        var online = OnlineLearners.Table[learner];
        var state = start ?? online.Start(Experts, loss);
        List<(Step, OnlinePrediction)> made = [];
        foreach (var step in stream)
        {
            made.Add((step, online.Predict(state, step.Awake, step.Opinions)));
            state = online.Update(state, made[^1].Item2, step.Truth);
        }

        return (made, state);
    }

    private static Step[] Stream(string loss, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Steps).Select(t =>
        {
            double[] awake = [.. Experts.Select(
                _ => t % 10 == 9 || random.Next(4) == 0 ? 0 : random.Next(3) == 0 ? random.NextDouble() : 1)];
            double[]?[] opinions = [.. awake.Select(
                a => a == 0 ? null : Opinion(loss, RandomStates.Row(random, loss == "square" ? 1 : 3)))];
            return new Step(awake, opinions, loss == "square" ? SyntheticExperts.Gaussian(random) : random.Next(3));
        })];
    }

    private static Step Clear(string loss, int t, int best)
    {
        var truth = t % 3;
        return new Step([1, 1, 1, 1], [.. Experts.Select((_, e) => loss == "square"
            ? [e == best ? truth + 0.1 * (t % 2) : truth + 1 + (e + t) % 3]
            : Opinion(loss,
                [.. Enumerable.Range(0, 3).Select(k => k == (e == best ? truth : (truth + 1 + t / 3 % 2) % 3) ? 2.0 : 0)]))], truth);
    }

    private static double[] Opinion(string loss, double[] row)
    {
        if (loss != "square")
        {
            LogSpace.LogSoftmax(row, row);
        }

        return row;
    }

    private sealed record Step(double[] Awake, double[]?[] Opinions, double Truth);
}
