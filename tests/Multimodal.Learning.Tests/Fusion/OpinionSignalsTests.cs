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
        double overlap = 0.8 * 0.3 + 0.2 * 0.7;
        double entropy = -(0.8 * Math.Log(0.8) + 0.2 * Math.Log(0.2)) / Math.Log(2);
        LogSpaceTests.AssertClose([1, 0.8, entropy, overlap, 0.75, 0.5, 0.8 * overlap, 0.7 * (1 - overlap)], signals[..8], 1e-14);
        Assert.Equal(0, signals[8 + 4]); // weight 0: clipped at e^-8
    }

    [Fact]
    public void Write_OneOpinion_AgreesWithNobodyInTheWay()
    {
        var signals = new double[OpinionSignals.Count];
        OpinionSignals.Write([Math.Log(0.8), Math.Log(0.2)], 2, [1], new double[2], signals);
        Assert.Equal([1, 0], [signals[3], signals[7]]);
        Assert.Equal([1, 1], [signals[4], signals[5]]);
    }
}
