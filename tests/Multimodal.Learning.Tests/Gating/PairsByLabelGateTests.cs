using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Gating;

/// <summary>
/// Three experts of three modalities, two labels. A feature of the image predicts the label, and each label has its own best pair.
/// </summary>
public sealed class PairsByLabelGateTests
{
    private static readonly string[] Modalities = ["image", "text", "audio"];

    // ln of the costs for the two labels, in the order of the entries: 0; 01, 1; 02, 12, 2.
    private static readonly double[][] Costs = [[-1, -1], [-3, -0.5], [-0.5, -0.5], [-0.7, -0.7], [-0.4, -2.5], [-0.8, -0.8]];

    [Theory]
    [InlineData(6, 0, 1)]
    [InlineData(-6, 1, 2)]
    public void Score_LabelIsCertain_PrefersItsBestPair(float feature, int first, int second)
    {
        var logits = Score(1, feature, 1, 1);
        Assert.Equal([first, second], Enumerable.Range(0, 3).OrderByDescending(e => logits[e]).Take(2).Order());
    }

    /// <summary>ln (p e^o(0) + (1 - p) e^o(1)), p = 1 / (1 + e^-2h).</summary>
    [Fact]
    public void Score_LabelIsUncertain_LogitIsTheExpectedCost()
    {
        var p = 1 / (1 + Math.Exp(-0.6));
        double Cost(int at) => Math.Log(p * Math.Exp(Costs[at][0]) + (1 - p) * Math.Exp(Costs[at][1]));
        var logits = Score(1, 0.3f, 1, 1);
        Assert.Equal(-Cost(1) - 1e-3 * Cost(0), logits[0], 1e-6);
        Assert.Equal(-Math.Min(Cost(1), Cost(4)) - 1e-3 * Cost(2), logits[1], 1e-6);
        Assert.Equal(-Math.Min(Cost(3), Cost(4)) - 1e-3 * Cost(5), logits[2], 1e-6);
    }

    [Fact]
    public void Score_PartnerIsAbsent_IsIgnored() => Assert.Equal(0.7, Score(1, 0, 0, 1)[0], 1e-2);

    [Fact]
    public void Open_TablesOfAnotherLabelCount_ThrowsAndNamesTheEntry()
    {
        GateTable[] tables = [.. State.Tables!];
        tables[2] = tables[2] with { Bias = [0] };
        Assert.Contains("tables[2].bias", Assert.Throws<ArgumentException>(() => Gates.Open(State with { Tables = tables })).Message,
            StringComparison.Ordinal);
        Assert.Contains("row per label",
            Assert.Throws<ArgumentException>(() => Gates.Open(State with { Weights = [], Bias = [] })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "6 in all", Assert.Throws<ArgumentException>(() => Gates.Open(State with { Tables = null })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EntriesOfAnotherKind_ThrowsWithAReason()
    {
        GateState[] mixed = [State with { Pairs = [] }, RandomStates.Gate(1) with { Pairs = [] }, RandomStates.Gate(1, 0,
            "pairs") with { Tables = State.Tables }];
        Assert.All(mixed, state => Assert.Contains(
            "Only a gate of kind", Assert.Throws<ArgumentException>(() => Gates.Open(state)).Message, StringComparison.Ordinal));
        Assert.Contains(
            "pairs has 0 entries", Assert.Throws<ArgumentException>(() => Gates.Open(
                State with { Kind = "pairs", Pairs = [], Tables = null, Weights = [], Bias = [] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_NullTable_ThrowsWithAReason()
    {
        var json = (State with { Tables = [.. State.Tables!.Take(5), null!] }).ToJson();
        Assert.Contains("null", Assert.Throws<FormatException>(() => GateState.FromJson(json)).Message, StringComparison.Ordinal);
    }

    private static GateState State { get; } = new()
    {
        Kind = "pairs-by-label",
        Version = "1",
        Experts = ["a", "b", "c"],
        Scaling = new FeatureScaling
        {
            Features = ["image", "image.label", "text", "audio"],
            Blocks = [new ModalityBlock("image", 0, 2), new ModalityBlock("text", 2, 1), new ModalityBlock("audio", 3, 1)],
            Mean = new double[4],
            Scale = [1, 1, 1, 1],
        },
        Weights = [[0, 1, 0, 0], [0, -1, 0, 0]],
        Bias = [0, 0],
        Modalities = Modalities,
        Tables = [.. Costs.Select((costs, at) => Constant(costs, at switch { 0 => 2, 1 or 3 => 3, 4 => 2, _ => 1 }))],
    };

    private static GateTable Constant(double[] costs, int width) => new([new double[width], new double[width]], costs, null);

    private static double[] Score(params float[] features)
    {
        var logits = new double[3];
        Gates.Open(State).Score(features, logits);
        return logits;
    }
}
