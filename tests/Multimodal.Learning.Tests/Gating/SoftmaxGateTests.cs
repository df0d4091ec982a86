using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Gating;

public sealed class SoftmaxGateTests
{
    private static GateState Small => new()
    {
        Version = "1",
        Experts = ["a", "b"],
        Scaling = new FeatureScaling
        {
            Features = ["image", "image.noise", "hour"],
            Blocks = [new ModalityBlock("image", 0, 2)],
            Mean = [0, 10, 12],
            Scale = [1, 2, 4],
        },
        Weights = [[1, 2, 3], [-1, 0.5, 0]],
        Bias = [0.25, -0.25],
    };

    [Theory]
    [InlineData(1f, 12f, 16f, 0.25 + 1 + 2 * 1 + 3 * 1, -0.25 - 1 + 0.5)]
    [InlineData(0f, 12f, 16f, 0.25 + 3, -0.25)] // absent: all features of the block are ignored
    [InlineData(1f, float.NaN, 16f, 0.25 + 1 + 3, -1.25)]
    [InlineData(1f, float.PositiveInfinity, 16f, 0.25 + 1 + 3, -1.25)]
    [InlineData(1f, 1e30f, 16f, 0.25 + 1 + 2 * 6 + 3, -0.25 - 1 + 3)] // clipped at six standard deviations
    [InlineData(1f, -1e30f, 12f, 0.25 + 1 - 2 * 6, -0.25 - 1 - 3)]
    [InlineData(float.NaN, 12f, 12f, 0.25, -0.25)]
    public void Score_Features_IsLinearInKnownFeatures(float presence, float noise, float hour, double first, double second)
    {
        var logits = new double[2];
        new SoftmaxGate(Small).Score([presence, noise, hour], logits);
        Assert.Equal([first, second], logits);
    }

    [Fact]
    public void Score_HiddenLayer_MatchesFormula()
    {
        var state = Small with { Hidden = new GateHiddenLayer([[0.5, -1, 0.25]], [0.1], [[2], [-3]]) };
        var logits = new double[2];
        new SoftmaxGate(state).Score([1, 12, 16], logits);
        var unit = Math.Tanh(0.5 - 1 + 0.25 + 0.1);
        Assert.Equal(6.25 + 2 * unit, logits[0], 14);
        Assert.Equal(-0.75 - 3 * unit, logits[1], 14);
    }

    [Fact]
    public void Without_Prefix_GateIgnoresThoseFeatures()
    {
        var scaling = RandomStates.Gate(1, 0).Scaling;
        var reduced = scaling.Without([scaling.Features[2]]);
        Assert.Equal(0, reduced.Scale[2]);
        Assert.Equal(scaling.Scale.Where((_, f) => f != 2), reduced.Scale.Where((_, f) => f != 2));
        var input = RandomStates.Input(2);
        var before = new double[4];
        var after = new double[4];
        var gate = new SoftmaxGate(RandomStates.Gate(1, 0) with { Scaling = reduced });
        gate.Score(input, before);
        input[2] += 5;
        gate.Score(input, after);
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Select_AfterWarmUp_DoesNotAllocate(int hidden)
    {
        var selector = new ExpertSelector(new SoftmaxGate(RandomStates.Gate(1, hidden)), "waves", [0, 1, 0, 1]);
        var features = RandomStates.Input(2);
        bool[] available = [true, true, false, true];
        var steering = new Steering { Trust = [1, 0.5, 1, 1] };
        var selection = new ExpertSelection(4);
        void Decide() => selector.Select(features, available, null, steering, selection);
        Decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Decide();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Score_WrongNumberOfFeatures_Throws() =>
        Assert.Throws<ArgumentException>(() => new SoftmaxGate(Small).Score([1, 2], new double[2]));

    [Fact]
    public void FromJson_EveryMistake_IsReportedAtOnce()
    {
        var broken = Small with { Bias = [1], Weights = [[1, 2, 3], [1, 2]], Experts = ["a", "a"] };
        var error = Assert.Throws<FormatException>(() => GateState.FromJson(broken.ToJson()));
        Assert.Contains("bias has 1 numbers; it must have 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("weights[1] has 2 numbers; it must have 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("experts has an empty name or the same name twice", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SoftmaxGate(broken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    [InlineData("""{"version":"1","experts":null}""")]
    public void FromJson_NotAGate_Throws(string json) => Assert.Throws<FormatException>(() => GateState.FromJson(json));

    [Theory]
    [InlineData(0, 4)]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    [InlineData(1, int.MaxValue)]
    public void FromJson_BlockOutsideTheFeatures_Throws(int offset, int length)
    {
        var broken = Small with { Scaling = Small.Scaling with { Blocks = [new ModalityBlock("image", offset, length)] } };
        Assert.Throws<FormatException>(() => GateState.FromJson(broken.ToJson()));
    }

    [Fact]
    public void Fit_AbsentModality_DoesNotChangeTheMean()
    {
        ReadOnlyMemory<float>[] inputs = [new float[] { 1, 8, 12 }, new float[] { 1, 12, 12 }, new float[] { 0, 999, float.NaN }];
        var scaling = FeatureScaling.Fit(Small.Scaling.Features, Small.Scaling.Blocks, inputs);
        Assert.Equal([0, 10, 12], scaling.Mean);
        Assert.Equal([1, 2, 0], scaling.Scale);
    }
}
