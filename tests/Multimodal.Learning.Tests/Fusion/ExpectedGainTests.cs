using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Tests.Fusion;

/// <summary>When another expert is asked, and which one.</summary>
public sealed class ExpectedGainTests
{
    [Fact]
    public void ShareAmongSiblings_NoAnswerOfItsModality_IsOne() =>
        Assert.Equal(1, ExpectedGain.ShareAmongSiblings(2, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [])));

    [Fact]
    public void ShareAmongSiblings_SiblingAnswered_IsTheShareOfGateWeight() =>
        Assert.Equal(0.375, ExpectedGain.ShareAmongSiblings(1, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, true], [])), 15);

    [Fact]
    public void ShareAmongSiblings_WeightsUnderflow_IsOneHalf() =>
        Assert.Equal(0.5, ExpectedGain.ShareAmongSiblings(1, States([0, 0], [0, 0], [true, false], [])));

    [Theory]
    [InlineData(0.94, 0.05, 2)]
    [InlineData(0.96, 0.05, -1)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(0.01, 1, -1)]
    public void Next_NewModality_IsAskedIfTheErrorProbabilityReachesThePrice(double confidence, double price, int expected) =>
        Assert.Equal(
            expected,
            ExpectedGain.Untrained.Next(
                Answer(confidence), price, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true])));

    [Theory]
    [InlineData(0.86, 1)]
    [InlineData(0.87, -1)]
    public void Next_OnlyASiblingIsLeft_ErrorProbabilityIsMultipliedByItsShare(double confidence, int expected) =>
        Assert.Equal(
            expected,
            ExpectedGain.Untrained.Next(
                Answer(confidence), 0.05, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, true], [false, true, false])));

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 0.1, 1)]
    [InlineData(0.1, 0.1, -1)]
    public void Next_LowTrust_LowersTheGain(double sibling, double other, int expected)
    {
        var states = States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, true, true], [1, sibling, other]);
        Assert.Equal(expected, ExpectedGain.Untrained.Next(Answer(0.6), 0.05, states));
    }

    [Theory]
    [InlineData(0.005, 0.015)]
    [InlineData(0.0, 1.0)]
    public void Next_NoAnswerYet_AsksTheLastExpertAtAnyTrustAndPrice(double trust, double price)
    {
        Assert.Equal(1, ExpectedGain.Untrained.Next([], price, States([0.9, 0.1], [0, 0], [false, false], [false, true], [1, trust])));
        Assert.Equal(1,
            ExpectedGain.From([-9, 0, 0, 0, 0, 0]).Next([], price, States([0.9, 0.1], [0, 0], [false, false], [false, true], [1, trust])));
    }

    [Fact]
    public void Next_NoAnswerYet_IgnoresTrustBecauseTheWeightsIncludeIt() =>
        Assert.Equal(0, ExpectedGain.Untrained.Next([], 0.05, States([0.6, 0.4], [0, 1], [false, false], [true, true], [0.5, 1])));

    [Fact]
    public void Next_NoExpertLeft_IsMinusOne() => Assert.Equal(-1, ExpectedGain.Untrained.Next([], 0, States([1], [0], [true], [false])));

    [Fact]
    public void Next_Trained_GainIsErrorProbabilityTimesSigmoid()
    {
        // A sibling of expert 1 has answered, expert 2 has its own modality. 1 - c = 0.2, half of it on the second label.
        double[] answer = [Math.Log(0.8), Math.Log(0.1), Math.Log(0.06), Math.Log(0.04)];
        double[] theta = [0.4, -1, 2, 3, -0.5, 0.7];
        var common = 0.4 - 0.5 * Math.Log(0.2) / Math.Log(1e6) + 0.7 * 0.5;
        var sibling = 0.2 / (1 + Math.Exp(-(common - 1 + 2 * Math.Log(0.3 / 0.5) / 8)));
        var other = 0.2 / (1 + Math.Exp(-(common + 3 * Math.Log(0.2 / 0.5) / 8)));
        var gain = ExpectedGain.From(theta);
        int Next(double price, bool isSiblingAskable, bool isOtherAskable) =>
            gain.Next(answer, price, States([0.5, 0.3, 0.2], [0, 0, 1], [true, false, false], [false, isSiblingAskable, isOtherAskable]));
        Assert.Equal(1, Next(sibling - 1e-9, true, false));
        Assert.Equal(-1, Next(sibling + 1e-9, true, false));
        Assert.Equal(2, Next(other - 1e-9, false, true));
        Assert.Equal(-1, Next(other + 1e-9, false, true));
        Assert.Equal(other > sibling ? 2 : 1, Next(0, true, true));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.0, 1.0)]
    [InlineData(1.0, 0.0)]
    [InlineData(1e-300, 1.0)]
    public void Next_TrainedAndWeightsUnderflow_StillAsks(double own, double other)
    {
        var gain = ExpectedGain.From([1, -1, 1, 1, 1, 1]);
        Assert.Equal(1, gain.Next([0, double.NegativeInfinity], 0, States([other, own], [0, 0], [true, false], [false, true])));
        Assert.Equal(1, gain.Next([0, double.NegativeInfinity], 0, States([other, own], [0, 1], [true, false], [false, true])));
    }

    [Fact]
    public void Next_TrainedAndNoAnswerYet_IsTheLargestGateWeight() =>
        Assert.Equal(
            2,
            ExpectedGain.From([-9, 0, 0, 0, 0, 0]).Next(
                [], 1, States([0.1, 0.2, 0.7], [0, 0, 1], [false, false, false], [true, true, true])));

    // 101 labels with equal probabilities except the first, so any confidence above 1 % is possible; 0 stands for no answer.
    private static double[] Answer(double confidence) =>
        confidence == 0 ? [] : [Math.Log(confidence), .. Enumerable.Repeat(Math.Log((1 - confidence) / 100), 100)];

    private static ExpertStates States(double[] weights, int[] modalities, bool[] answered, bool[] askable, double[]? trust = null) =>
        new(weights, modalities, answered) { Askable = askable, Trust = trust };
}
