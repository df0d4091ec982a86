using Multimodal.Learning.Fusion;
using Multimodal.Learning.Online;

namespace Multimodal.Learning.Tests.Online;

public sealed class TrustSnapshotTests
{
    private static readonly WeightedOpinion Wrong = new("a", 0.5, [Math.Log(0.8), Math.Log(0.1), Math.Log(0.1)]);

    [Fact]
    public void Constructor_NoFeedback_TrustIsFull()
    {
        var snapshot = new TrustSnapshot(ExpertTrust.Start(["a", "b"], "fixed-share", "log"), 1);
        Assert.True(snapshot.IsFull);
        Assert.Equal((0.5, 1), (snapshot.WeightOf("a"), snapshot.TrustOf("a")));
    }

    [Fact]
    public void Learn_WrongOpinion_LowersTrustOfItsExpertOnly()
    {
        var snapshot = new TrustSnapshot(new TrustSnapshot(ExpertTrust.Start(["a", "b"], "fixed-share", "log"), 1).Learn([Wrong], 2), 0.5);
        var weight = 0.98 * (0.3 / 1.3) + 0.01;
        Assert.False(snapshot.IsFull);
        Assert.Equal(weight, snapshot.WeightOf("a"), 14);
        Assert.Equal(Math.Sqrt(weight / (1 - weight)), snapshot.TrustOf("a"), 14);
        Assert.Equal(1, snapshot.TrustOf("b"));
        Assert.Equal(1, snapshot.State.Feedbacks);
    }

    [Fact]
    public void TrustOf_UnknownExpert_IsFull() =>
        Assert.Equal(
            (0.5, 1), (new TrustSnapshot(ExpertTrust.Start(["a"], "boa", "log"), 1).WeightOf("z"),
                new TrustSnapshot(ExpertTrust.Start(["a"], "boa", "log"), 1).TrustOf("z")));
}
