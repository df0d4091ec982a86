using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Tests.Gating;

/// <summary>In which order experts are asked, and when one more is worth it.</summary>
public sealed class WavesTests
{
    private static readonly bool[] Six = [true, true, true, true, true, true];
    private static readonly int[] Media = [0, 0, 1, 1, 2, 2];

    [Fact]
    public void Order_ThreeMedia_TwoAtOnceThenTheThirdThenTheLikeliestSibling()
    {
        var candidates = new Candidates([3, 2, 1, -1, 0, -4], Six, Media);
        var (weights, waves) = Choose(candidates, null);
        Assert.Equal([0, 2, 0, 3, 1, 4], waves);
        Assert.All(weights, weight => Assert.True(weight > 0));
        Assert.Equal(Math.Exp(1), weights[0] / weights[1], 12);
    }

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(3, new[] { 0, 2, 4 })]
    [InlineData(4, new[] { 0, 1, 2, 4 })]
    public void Select_K_TakesTheFirstToBeAsked(int k, int[] chosen)
    {
        var (weights, _) = Choose(new Candidates([3, 2, 1, -1, 0, -4], Six, Media), k);
        Assert.Equal(chosen, Enumerable.Range(0, 6).Where(e => weights[e] > 0));
    }

    [Theory]
    [InlineData(new[] { true, true, false, false, false, false }, new[] { 0, 1, 0, 0, 0, 0 })]
    [InlineData(new[] { false, true, false, true, false, false }, new[] { 0, 0, 0, 1, 0, 0 })]
    [InlineData(new[] { true, false, false, false, false, false }, new[] { 0, 0, 0, 0, 0, 0 })]
    public void Order_OneOrTwoMedia_OneAtOnce(bool[] available, int[] waves) =>
        Assert.Equal(waves, Choose(new Candidates([3, 2, 1, -1, 0, -4], available, Media), null).Waves);

    [Fact]
    public void Chance_NobodySpokeForTheMedium_IsOne() => Assert.Equal(1, ExpectedGain.ShareAmongSiblings(2, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [])));

    [Fact]
    public void Chance_SiblingSpoke_IsTheGatesShare() =>
        Assert.Equal(0.375, ExpectedGain.ShareAmongSiblings(1, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, true], [])), 15);

    [Fact]
    public void Chance_WeightsUnderflowed_IsEven() => Assert.Equal(0.5, ExpectedGain.ShareAmongSiblings(1, States([0, 0], [0, 0], [true, false], [])));

    [Theory]
    [InlineData(0.94, 0.05, 2)]
    [InlineData(0.96, 0.05, -1)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(0.01, 1, -1)]
    public void Next_NewMedium_AskedWhenWhatCanBeGainedIsWorthThePrice(double confidence, double price, int expected) =>
        Assert.Equal(expected, ExpectedGain.Untrained.Next(Answer(confidence), price, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true])));

    [Theory]
    [InlineData(0.86, 1)]
    [InlineData(0.87, -1)]
    public void Next_OnlyASibling_CountsItsChance(double confidence, int expected) =>
        Assert.Equal(expected, ExpectedGain.Untrained.Next(Answer(confidence), 0.05, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, true], [false, true, false])));

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 0.1, 1)]
    [InlineData(0.1, 0.1, -1)]
    public void Next_NotBelieved_PromisesLess(double sibling, double other, int expected) =>
        Assert.Equal(expected, ExpectedGain.Untrained.Next(Answer(0.6), 0.05, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true], [1, sibling, other])));

    [Theory]
    [InlineData(0.005, 0.015)]
    [InlineData(0.0, 1.0)]
    public void Next_NobodySpokeAndWhoIsLeftIsDoubted_IsAsked(double trust, double price)
    {
        // With no opinion at all there is no answer to keep: the last one that could be heard is worth any price.
        Assert.Equal(1, ExpectedGain.Untrained.Next([], price, States([0.9, 0.1], [0, 0], [false, false], [false, true], [1, trust])));
        Assert.Equal(1, ExpectedGain.From([-9, 0, 0, 0, 0, 0]).Next([], price, States([0.9, 0.1], [0, 0], [false, false], [false, true], [1, trust])));
    }

    [Fact]
    public void Next_NobodySpoke_GoesByTheGateWhichKnowsTheTrust() =>
        Assert.Equal(0, ExpectedGain.Untrained.Next([], 0.05, States([0.6, 0.4], [0, 1], [false, false], [true, true], [0.5, 1])));

    [Fact]
    public void Next_NobodyOpen_IsNobody() => Assert.Equal(-1, ExpectedGain.Untrained.Next([], 0, States([1], [0], [true], [false])));

    [Fact]
    public void Next_Trained_IsTheDoubtTimesTheSigmoidOfTheSignals()
    {
        // Expert 1 has a spoken sibling, expert 2 a medium of its own; 1 - c = 0.2, half of it on the second label.
        double[] answer = [Math.Log(0.8), Math.Log(0.1), Math.Log(0.06), Math.Log(0.04)];
        double[] theta = [0.4, -1, 2, 3, -0.5, 0.7];
        var common = 0.4 - 0.5 * Math.Log(0.2) / Math.Log(1e6) + 0.7 * 0.5;
        var sibling = 0.2 / (1 + Math.Exp(-(common - 1 + 2 * Math.Log(0.3 / 0.5) / 8)));
        var medium = 0.2 / (1 + Math.Exp(-(common + 3 * Math.Log(0.2 / 0.5) / 8)));
        var value = ExpectedGain.From(theta);
        int Next(double price, bool siblingOpen, bool mediumOpen) =>
            value.Next(answer, price, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, siblingOpen, mediumOpen]));
        Assert.Equal(1, Next(sibling - 1e-9, true, false));
        Assert.Equal(-1, Next(sibling + 1e-9, true, false));
        Assert.Equal(2, Next(medium - 1e-9, false, true));
        Assert.Equal(-1, Next(medium + 1e-9, false, true));
        Assert.Equal(medium > sibling ? 2 : 1, Next(0, true, true));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.0, 1.0)]
    [InlineData(1.0, 0.0)]
    [InlineData(1e-300, 1.0)]
    public void Next_TrainedOnWeightsThatUnderflowed_StillChooses(double own, double other)
    {
        var value = ExpectedGain.From([1, -1, 1, 1, 1, 1]);
        Assert.Equal(1, value.Next([0, double.NegativeInfinity], 0, States([other, own], [0, 0], [true, false], [false, true])));
        Assert.Equal(1, value.Next([0, double.NegativeInfinity], 0, States([other, own], [0, 1], [true, false], [false, true])));
    }

    [Fact]
    public void Next_TrainedAndNobodySpoke_GoesByTheGate() =>
        Assert.Equal(2, ExpectedGain.From([-9, 0, 0, 0, 0, 0]).Next([], 1, States([0.1, 0.2, 0.7], [0, 0, 1], [false, false, false], [true, true, true])));

    [Fact]
    public void Pauses_FirstHasNoOpinionAndItsSiblingIsDoubted_TheSiblingSpeaks()
    {
        RecordedExpert[] experts = [new("a", "text"), new("sibling", "text")];
        var waves = new WaveReplay(experts, [0, 0], FusionRules.Table["linear"](null), 0.015);
        var example = new RecordedExample([], 0, [null, [Math.Log(0.6), Math.Log(0.3), Math.Log(0.1)]]);

        var selection = new ExpertSelection(2) { Weights = { [0] = 0.9, [1] = 0.1 }, Waves = { [1] = 1 } };
        Assert.Equal([false, true], waves.AnsweredAfterEachWave(example, selection, [1, 0.005])[^1]);
    }

    // A hundred and one labels, all but the first alike, so that any confidence above 1 % is possible; none when nobody is sure of anything.
    private static double[] Answer(double confidence) =>
        confidence == 0 ? [] : [Math.Log(confidence), .. Enumerable.Repeat(Math.Log((1 - confidence) / 100), 100)];

    private static ExpertStates States(double[] weights, int[] modalities, bool[] answered, bool[] askable, double[]? trust = null) =>
        new(weights, modalities, answered) { Askable = askable, Trust = trust };

    private static (double[] Weights, int[] Waves) Choose(Candidates candidates, int? k)
    {
        var strategy = SelectionStrategies.Table["waves"];
        Assert.True(strategy.AsksInWaves);
        var weights = new double[candidates.Count];
        var waves = new int[candidates.Count];
        strategy.Select(candidates, k, weights);
        strategy.Order(candidates, weights, waves);
        return (weights, waves);
    }
}
