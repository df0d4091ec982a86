using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision;

public sealed class BlankImageTests
{
    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(8, 0, 0, true)]
    [InlineData(9, 0, 0, false)]
    [InlineData(0, 9, 0, false)]
    [InlineData(0, 0, 9, false)]
    [InlineData(8, 8, 8, true)]
    public void IsBlank_OnePixelDiffers_DependsOnTheTolerance(int red, int green, int blue, bool expected)
    {
        var pixels = Enumerable.Repeat((byte)100, 3 * 50).ToArray();
        (pixels[60], pixels[61], pixels[62]) = ((byte)(100 + red), (byte)(100 - green), (byte)(100 + blue));

        Assert.Equal(expected, BlankImage.IsBlank(new RgbImage(10, 5, pixels)));
    }

    [Fact]
    public void IsBlank_OnePixel_IsTrue() => Assert.True(BlankImage.IsBlank(new RgbImage(1, 1, [1, 200, 90])));

    [Fact]
    public void IsBlank_AShadeOverTheWholeImage_IsFalse() =>
        Assert.False(BlankImage.IsBlank(new RgbImage(16, 1, [.. Enumerable.Range(0, 48).Select(i => (byte)(200 + (i / 3)))])));
}
