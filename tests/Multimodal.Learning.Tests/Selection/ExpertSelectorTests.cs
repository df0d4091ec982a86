using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Selection;

/// <summary>The decision that the service, training and all studies share.</summary>
public sealed class ExpertSelectorTests
{
    private static readonly int[] Modalities = [0, 1, 0, 1];
    private static readonly bool[] Available = [true, true, false, true];

    [Theory]
    [InlineData("waves")]
    [InlineData("top-k")]
    [InlineData("switch")]
    [InlineData("budget")]
    public void Select_Steered_IsTheStrategyOnTheGatesLogits(string name)
    {
        var gate = Gates.Open(RandomStates.Gate(1));
        var steering = new Steering { Bias = [0.5, -1, 0, 2], Full = [true, false, false, false], Costs = [1, 2, 3, 4], Budget = 5 };
        var logits = new double[4];
        var weights = new double[4];
        var waves = new int[4];
        gate.Score(RandomStates.Input(2), logits);
        var candidates = new Candidates(logits, Available, Modalities)
        {
            Bias = steering.Bias,
            Full = steering.Full,
            Costs = steering.Costs,
            Budget = steering.Budget,
        };
        var strategy = SelectionStrategies.Table[name];
        var k = strategy.Select(candidates, 2, weights);
        strategy.Order(candidates, weights, waves);
        var selection = new ExpertSelector(gate, name, Modalities).Select(RandomStates.Input(2), Available, 2, steering);
        Assert.Equal(weights, selection.Weights);
        Assert.Equal(waves, selection.Waves);
        Assert.Equal(k, selection.K);
        Assert.Equal(weights[1] > 0, selection.Contains(1));
    }

    [Fact]
    public void Select_Trust_MultipliesTheWeights()
    {
        var selector = new ExpertSelector(Gates.Open(RandomStates.Gate(3)), "soft", Modalities);
        var plain = selector.Select(RandomStates.Input(2), Available).Weights;
        var steered = selector.Select(RandomStates.Input(2), Available, steering: new Steering { Trust = [0.2, 1, 1, 0.5] }).Weights;
        double[] expected = [0.2 * plain[0], plain[1], 0, 0.5 * plain[3]];
        Assert.Equal(expected.Select(weight => weight / expected.Sum()), steered, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Select_FullTrust_ChangesNoBit()
    {
        var selector = new ExpertSelector(Gates.Open(RandomStates.Gate(3)), "waves", Modalities);
        Assert.Equal(
            selector.Select(RandomStates.Input(2), Available).Weights,
            selector.Select(RandomStates.Input(2), Available, steering: new Steering { Trust = [1, 1, 1, 1] }).Weights);
    }

    [Fact]
    public void Select_ReusedSelection_HoldsOnlyTheLastRequest()
    {
        var selector = new ExpertSelector(Gates.Open(RandomStates.Gate(4)), "waves", Modalities);
        var reused = new ExpertSelection(4);
        selector.Select(RandomStates.Input(5), [true, true, true, true], null, null, reused);
        selector.Select(RandomStates.Input(6), Available, 1, null, reused);
        var fresh = selector.Select(RandomStates.Input(6), Available, 1);
        Assert.Equal(fresh.K, reused.K);
        Assert.Equal(fresh.Weights, reused.Weights);
        Assert.Equal(fresh.Waves, reused.Waves);
    }

    [Fact]
    public void Constructor_ModalitiesOfAnotherGate_Throws() =>
        Assert.Throws<ArgumentException>(() => new ExpertSelector(Gates.Open(RandomStates.Gate(1)), "soft", [0, 1]));
}
