using Multimodal.Learning.Fusion;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Fusion;

public sealed class OpinionSignalsTests
{
    [Fact]
    public void Write_TwoOpinions_MatchesReference()
    {
        double[] logs = [Math.Log(0.8), Math.Log(0.2), Math.Log(0.3), Math.Log(0.7)];
        var signals = new double[2 * OpinionSignals.Count];
        OpinionSignals.Write(logs, 2, [Math.Exp(-2), 0], new double[4], signals);
        var overlap = 0.8 * 0.3 + 0.2 * 0.7;
        var entropy = -(0.8 * Math.Log(0.8) + 0.2 * Math.Log(0.2)) / Math.Log(2);
        LogSpaceTests.AssertClose([1, 0.8, entropy, overlap, 0.75, 0.5, 0.8 * overlap, 0.7 * (1 - overlap)], signals[..8], 1e-14);
        Assert.Equal(0, signals[OpinionSignals.Count + 4]); // weight 0, bounded at e^-8
    }

    /// <summary>c is the product of the other opinions, each discounted to 0.9, and to less below a fair share of the weight.</summary>
    [Fact]
    public void Write_ThreeOpinions_ConsensusIsTheDiscountedProductOfTheOthers()
    {
        double[][] p = [[0.8, 0.2], [0.3, 0.7], [0.6, 0.4]];
        var signals = new double[3 * OpinionSignals.Count];
        OpinionSignals.Write([.. p.SelectMany(row => row.Select(x => Math.Log(x)))], 2, [0.5, 0.4, 0.1], new double[6], signals);
        var weak = 0.9 * 3 * 0.1;
        double[] c = [(0.9 * 0.3 + 0.05) * (weak * 0.6 + (1 - weak) / 2), (0.9 * 0.7 + 0.05) * (weak * 0.4 + (1 - weak) / 2)];
        var backing = (0.8 * c[0] + 0.2 * c[1]) / c.Sum();
        LogSpaceTests.AssertClose([0.8 * 0.6 + 0.2 * 0.4, backing, c.Max() / c.Sum() * (1 - backing)], signals[8..11], 1e-14);
    }

    [Fact]
    public void Write_SingleOpinion_HasFullAgreementAndNoOpposition()
    {
        var signals = new double[OpinionSignals.Count];
        OpinionSignals.Write([Math.Log(0.8), Math.Log(0.2)], 2, [1], new double[2], signals);
        Assert.Equal([1, 0], [signals[3], signals[7]]);
        Assert.Equal([1, 1], [signals[4], signals[5]]);
    }
}
