using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Tests.Ensembles;

/// <summary>The choice of the version that plans a request.</summary>
public sealed class StableShareTests
{
    private const int Count = 10_000;
    private static readonly Guid[] Ids = [.. Enumerable.Range(0, Count).Select(i => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(i)))];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.005)]
    public void Choose_TenThousandIds_KeepsTheSharesWithinFourSigma(double share)
    {
        var chosen = Ids.Count(id => StableShare.Choose(id, [("3", 1 - share), ("4", share)]) == 1);

        Assert.InRange(chosen, (Count * share) - (4 * Sigma(share)), (Count * share) + (4 * Sigma(share)));
    }

    [Fact]
    public void Choose_ThreeVersions_KeepsEveryShareWithinFourSigma()
    {
        (string, double)[] shares = [("3", 0.6), ("4", 0.3), ("5", 0.1)];

        var counts = Ids.CountBy(id => StableShare.Choose(id, shares)).ToDictionary();

        Assert.All(shares.Index(), at =>
            Assert.InRange(counts[at.Index], (Count * at.Item.Item2) - (4 * Sigma(at.Item.Item2)), (Count * at.Item.Item2) + (4 * Sigma(at.Item.Item2))));
    }

    [Fact]
    public void Choose_CanaryGrows_KeepsThoseThatWereIn()
    {
        var few = Ids.Where(id => StableShare.Choose(id, [("3", 0.9), ("4", 0.1)]) == 1).ToArray();
        var more = Ids.Where(id => StableShare.Choose(id, [("3", 0.8), ("4", 0.2)]) == 1).ToHashSet();

        Assert.NotEmpty(few);
        Assert.All(few, id => Assert.Contains(id, more));
        Assert.True(more.Count > few.Length);
    }

    [Fact]
    public void Choose_ShareZero_IsNeverChosen() => Assert.All(Ids, id => Assert.Equal(0, StableShare.Choose(id, [("3", 1), ("4", 0)])));

    [Fact]
    public void Choose_NoShare_Throws() => Assert.Throws<ArgumentException>(() => StableShare.Choose(Ids[0], [("3", 0)]));

    // Other processes, builds and machines must compute the same value. Computed with Python's hashlib.
    [Fact]
    public void Of_KnownId_IsTheKnownValue() =>
        Assert.Equal(0.7044087744230667, StableShare.Draw(Guid.Parse("01a20577-5384-71e3-b118-8d6e75c85c32"), "4"), 15);

    private static double Sigma(double share) => Math.Sqrt(Count * share * (1 - share));
}
