using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Tests.Gating;

/// <summary>
/// Three experts of three modalities with two features each. ln of the cost of a pair is a constant plus the sum of its second features.
/// </summary>
public sealed class PairsGateTests
{
    private static readonly string[] Modalities = ["image", "text", "audio"];

    // In the order of the entries: 0; 01, 1; 02, 12, 2.
    private static readonly double[] Costs = [-1, -2.5, -0.5, -2, -3, -0.8];

    [Fact]
    public void Score_AllPresent_TheTwoLargestAreTheCheapestPair()
    {
        var logits = Score(1, 0, 1, 0, 1, 0);
        Assert.Equal([1, 2], Best(logits));

        // Within the pair, the expert with the lower cost alone comes first.
        Assert.True(logits[2] > logits[1]);
        Assert.Equal(3, logits[1], 1e-2);
        Assert.Equal(2.5, logits[0], 1e-2);
    }

    [Fact]
    public void Score_OneOfTheBestPairIsNoisy_PrefersAnotherPair() => Assert.Equal([0, 1], Best(Score(1, 0, 1, 0, 1, 2)));

    [Fact]
    public void Score_PartnerIsAbsent_IsIgnored()
    {
        var logits = Score(1, 0, 0, 0, 1, 0);
        Assert.Equal(2, logits[0], 1e-2);
        Assert.Equal(2, logits[2], 1e-2);
    }

    [Fact]
    public void Score_OnlyOnePresent_IsItsCostAlone()
    {
        Assert.Equal(1, Score(1, 0, 0, 0, 0, 0)[0], 1e-2);
        Assert.All(Score(0, 0, 0, 0, 0, 0), logit => Assert.True(double.IsFinite(logit)));
    }

    [Fact]
    public void Forward_AnotherModalityChanges_PredictionForThePairStays()
    {
        var network = new PairsNetwork(6, 3, Modalities, Scaling.Blocks);
        var parameters = network.InitialParameters(new Random(1));
        double[] One(double[] input)
        {
            var outputs = new double[6];
            network.Forward(parameters, input, new double[network.Hidden], outputs);
            return outputs;
        }

        // Non-zero weights, so that the features have an effect.
        for (var p = 0; p < parameters.Length; p++)
        {
            parameters[p] = Math.Sin(p);
        }

        var before = One([1, 0.3, 1, -0.4, 1, 0.9]);
        var after = One([1, 0.3, 1, -0.4, 1, -2]);
        int[] unaffected = [PairsNetwork.IndexOf(0, 0), PairsNetwork.IndexOf(0, 1), PairsNetwork.IndexOf(1, 1)];
        Assert.All(unaffected, at => Assert.Equal(before[at], after[at]));
        Assert.All(Enumerable.Range(0, 6).Except(unaffected), at => Assert.NotEqual(before[at], after[at]));
    }

    [Fact]
    public void Open_StateOfAnOlderForm_ThrowsWithAReason()
    {
        var old = State with { Pairs = null, Modalities = null, Weights = [new double[6], new double[6], new double[6]], Bias = new double[3] };
        Assert.Contains("Train the gate again", Assert.Throws<ArgumentException>(() => Gates.Open(old)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PairsWithDifferentLayers_ThrowsAndNamesTheEntry()
    {
        GatePair[] pairs = [.. State.Pairs!];
        pairs[4] = pairs[4] with { Hidden = new GateHiddenLayer([[1, 1, 1, 1]], [0], [[1]]) };
        Assert.Contains(
            "pairs[4]", Assert.Throws<ArgumentException>(() => Gates.Open(State with { Pairs = pairs })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoExperts_Throws() =>
        Assert.Throws<ArgumentException>(() => Gates.Open(State with { Experts = [], Modalities = [], Pairs = [] }));

    [Fact]
    public void FromJson_NullPair_ThrowsWithAReason()
    {
        var json = (State with { Pairs = [.. State.Pairs!.Take(5), null!] }).ToJson();
        Assert.Contains("null", Assert.Throws<FormatException>(() => GateState.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_BlocksLongerThanAnyArray_ThrowsWithAReason()
    {
        var wrong = Scaling with { Blocks = [.. Scaling.Blocks.Select(block => block with { Length = int.MaxValue })] };
        var json = (State with { Scaling = wrong }).ToJson();
        Assert.Contains(
            "reaches past the features", Assert.Throws<FormatException>(() => GateState.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateNetwork_TooManyUnits_Throws()
    {
        RecordedExpert[] experts = [.. Enumerable.Range(0, 16).Select(e => new RecordedExpert($"e{e}", Modalities[e % 3]))];
        var set = new RecordedSet { Experts = experts, Features = Scaling.Features, Blocks = Scaling.Blocks, LabelCount = 7, Examples = [] };
        Assert.Equal(952, Gates.Table["pairs"].CreateNetwork(set, 7).Hidden);
        var error = Assert.Throws<ArgumentException>(() => Gates.Table["pairs"].CreateNetwork(set, 8));
        Assert.Contains("fewer units", error.Message, StringComparison.Ordinal);

        // Seven labels need 7 x 136 outputs for the pairs and 7 for the label; eight labels are too many.
        Assert.Equal(959, Gates.Table["pairs-by-label"].CreateNetwork(set, 7).Outputs);
        error = Assert.Throws<ArgumentException>(() => Gates.Table["pairs-by-label"].CreateNetwork(set with { LabelCount = 8 }, 0));
        Assert.Contains("8 outputs each", error.Message, StringComparison.Ordinal);
    }

    private static FeatureScaling Scaling { get; } = new()
    {
        Features = ["image", "image.noise", "text", "text.noise", "audio", "audio.noise"],
        Blocks = [.. Modalities.Select((modality, m) => new ModalityBlock(modality, 2 * m, 2))],
        Mean = new double[6],
        Scale = [1, 1, 1, 1, 1, 1],
    };

    private static GateState State { get; } = new()
    {
        Kind = "pairs",
        Version = "1",
        Experts = ["a", "b", "c"],
        Scaling = Scaling,
        Weights = [],
        Bias = [],
        Modalities = Modalities,
        Pairs = [.. Costs.Select((cost, at) => new GatePair(at is 0 or 2 or 5 ? [0, 1] : [0, 1, 0, 1], cost, null))],
    };

    private static double[] Score(params float[] features)
    {
        var logits = new double[3];
        Gates.Open(State).Score(features, logits);
        return logits;
    }

    private static int[] Best(double[] logits) => [.. Enumerable.Range(0, 3).OrderByDescending(e => logits[e]).Take(2).Order()];
}
