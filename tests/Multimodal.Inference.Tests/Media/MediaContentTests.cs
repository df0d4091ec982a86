using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Media;

public sealed class MediaContentTests
{
    [Fact]
    public async Task Get_FromManyThreads_ComputesOnce()
    {
        var content = new MediaContent(new byte[1]);
        var computed = 0;

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => content.Get((512, "edge"), () => Interlocked.Increment(ref computed)))));

        Assert.Equal(1, computed);
        Assert.All(results, result => Assert.Equal(1, result));
    }

    [Fact]
    public void Get_OtherKey_ComputesAgain()
    {
        var content = new MediaContent(new byte[1]);

        Assert.Equal("a", content.Get(1, () => "a"));
        Assert.Equal("b", content.Get(2, () => "b"));
        Assert.Equal("a", content.Get(1, () => "c"));
    }
}
